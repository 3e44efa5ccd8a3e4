import { afterAll, beforeAll } from '@jest/globals';

import { TestMongo, describeOnMongo } from '../../../test/ferretdb/test-mongo.ts';
import { describeReadModelContract } from '../read-model.contract.ts';
import { MongoReadModel } from './mongo-read-model.ts';

describeOnMongo('MongoReadModel', () => {
  let server: TestMongo;
  const databases = new Map<string, string>();

  beforeAll(async () => {
    server = await TestMongo.start();
  });
  afterAll(() => server.stop());

  describeReadModelContract('MongoDB', {
    open: async (store, format) => {
      const database = databases.get(store) ?? server.newDatabase();
      databases.set(store, database);
      return MongoReadModel.connect(server.url, { database, ...(format !== undefined && { format }) });
    },
  });
});
