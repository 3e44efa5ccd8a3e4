import { type Model, type QueryFilter, type UpdateQuery, mongo } from 'mongoose';

import { withinLimit } from '#async';

import { ReadModelUnavailableError, TallyConflictError } from '../read-model.ts';
import { CALL_LIMIT_MS, DURABLY, type LazyConnection } from './lazy-connection.ts';

const DUPLICATE_KEY = 11_000;

export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;

/**
 * Asks the server, within the limit of a call.
 * @throws ReadModelUnavailableError when there is no answer
 */
export async function ask<T>(connection: LazyConnection, query: () => Promise<T>): Promise<T> {
  try {
    // the driver's own limits hold for each of its steps; this one holds for all of them together
    return await withinLimit(connection.open().then(query), CALL_LIMIT_MS, late);
  } catch (error) {
    if (error instanceof TallyConflictError) throw error;
    throw new ReadModelUnavailableError(`the read model failed: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Writes the fields if the stored document passes the filter (an id and a condition on the position), or if there is none.
 * @returns whether it did
 */
export async function write<T>(model: Model<T>, filter: QueryFilter<T>, fields: UpdateQuery<T>): Promise<boolean> {
  try {
    await model.updateOne(filter, { $set: fields }, { upsert: true, ...DURABLY });
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  // There is a document that did not pass. Or one that did not exist before: two first writes met, and the higher one may be ours.
  const { matchedCount } = await model.updateOne(filter, { $set: fields }, DURABLY);
  return matchedCount > 0;
}

const late = (limitMs: number): Error => new Error(`no answer within ${String(limitMs)} ms`);
