import type { Model } from 'mongoose';

import { MAX_SCREENS, type Screen, ScreenStore } from '../screens.ts';
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

  /** A page that gives itself another id each time must not fill the database, nor what everybody reads. */
  private async forgetOthers(kept: readonly ScreenDocument[], at: ScreenDocument['at']): Promise<void> {
    await this.documents.deleteMany({ at: { $lte: at }, _id: { $nin: kept.map(({ _id }) => _id) } });
  }

  override all(): Promise<readonly Screen[]> {
    return ask(this.connection, async () => {
      const stored = await this.documents
        .find({})
        .sort({ at: -1 })
        .limit(MAX_SCREENS + 1)
        .lean();
      const kept = stored.slice(0, MAX_SCREENS);
      const [tooMany] = stored.slice(MAX_SCREENS);
      if (tooMany !== undefined) await this.forgetOthers(kept, tooMany.at);
      return kept.map(({ _id: id, at, ...fields }) => ({ ...fields, id, at: Number(at) }));
    });
  }
}
