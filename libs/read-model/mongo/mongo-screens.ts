import type { Model } from 'mongoose';

import { type Screen, ScreenStore } from '../screens.ts';
import { type ScreenDocument, screensIn } from './documents.ts';
import type { LazyConnection } from './lazy-connection.ts';
import { ask, isDuplicateKey } from './mongo-calls.ts';

/** Each screen is a document. None has to survive the loss of a server: the next one comes within a second. */
export class MongoScreens extends ScreenStore {
  private readonly documents: Model<ScreenDocument>;

  constructor(private readonly connection: LazyConnection) {
    super();
    this.documents = screensIn(connection.mongoose);
  }

  override report({ id: _id, ...fields }: Screen): Promise<void> {
    return ask(this.connection, async () => {
      try {
        await this.documents.updateOne({ _id }, { $set: fields }, { upsert: true });
      } catch (error) {
        // two first reports met: one of them is stored
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  override forget(_id: string): Promise<void> {
    return ask(this.connection, async () => {
      await this.documents.deleteOne({ _id });
    });
  }

  override all(): Promise<readonly Screen[]> {
    return ask(this.connection, async () => {
      const stored = await this.documents.find({}).lean();
      return stored.map(({ _id: id, at, ...fields }) => ({ ...fields, id, at: Number(at) }));
    });
  }
}
