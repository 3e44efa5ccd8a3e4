import { describe } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { mongo } from 'mongoose';

import { needs } from '../tools/needs.ts';
import { FerretDbServer } from './ferretdb-server.ts';

/** A server that is there already: the specs that need no fault run on it instead, each suite in a database of its own. */
const GIVEN_URL = process.env['MONGODB_URL'];

/** A server of the MongoDB protocol for one suite, with as many empty databases as it wants. */
export class TestMongo {
  private readonly databases: string[] = [];

  private constructor(
    readonly url: string,
    private readonly server?: FerretDbServer,
  ) {}

  /** The server that MONGODB_URL names, else a FerretDB started for this. */
  static async start(): Promise<TestMongo> {
    if (GIVEN_URL !== undefined) return new TestMongo(GIVEN_URL);
    const server = await FerretDbServer.start();
    return new TestMongo(server.url, server);
  }

  /** The name of a database that nobody else uses. */
  newDatabase(): string {
    const name = `paredao_spec_${randomUUID().slice(0, 8)}`;
    this.databases.push(name);
    return name;
  }

  /** Looks behind the adapter's back. */
  async use<T>(database: string, query: (db: mongo.Db) => Promise<T>): Promise<T> {
    const client = new mongo.MongoClient(this.url, { useBigInt64: true });
    try {
      return await query(client.db(database));
    } finally {
      await client.close();
    }
  }

  /** Removes the databases, and the server if it was started for this. */
  async stop(): Promise<void> {
    if (this.server) await this.server.stop();
    else for (const name of this.databases) await this.use(name, (db) => db.dropDatabase());
  }
}

/** A suite that starts, kills and freezes servers of its own. */
export const describeOnFerretDb = needs('ferretdb');

/** A suite that runs on `TestMongo`. */
export const describeOnMongo = GIVEN_URL === undefined ? describeOnFerretDb : describe;
