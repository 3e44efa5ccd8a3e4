import { type ConnectOptions, type Connection, createConnection, mongo } from 'mongoose';

/** The longest that anything here waits for the server, ms. Whoever asks for readiness does not wait longer. */
export const CALL_LIMIT_MS = 2000;

/** A server that cannot be reached is given up after this, ms: time for two of the driver's checks, 500 ms apart. */
const UNREACHABLE_AFTER_MS = 1200;

/** A server that is reached answers in milliseconds, or not in time. Below the limit, so that no socket outlives its call. */
const UNANSWERED_AFTER_MS = 1500;

/** The server gives up on a command before we do, ms, so that an overloaded one does no work whose result is not awaited. */
const COMMAND_LIMIT_MS = 1000;

/** Projector and query API make one call after another, and a heartbeat beside them. */
const CONNECTIONS = 4;

/**
 * A tally that was acknowledged survives the loss of any one server. For each write: on the connection the URL's `w` and
 * `journal` would be stronger, and mongoose would not hand the limit on.
 */
export const DURABLY = {
  maxTimeMS: COMMAND_LIMIT_MS,
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: COMMAND_LIMIT_MS },
} as const;

const DEFAULT_DATABASE = 'paredao';
const NAMES_DATABASE = /^mongodb(\+srv)?:\/\/[^/?]+\/[^?]/;

/** What correctness depends on stands here and not in the URL; hosts, credentials, TLS and `retryWrites` are the URL's. */
const SETTINGS: ConnectOptions = {
  appName: 'paredao',
  // The position read after the checkpoint must not be an older one.
  readPreference: 'primary',
  // Positions are Int64, and come as bigints.
  useBigInt64: true,
  maxPoolSize: CONNECTIONS,
  serverSelectionTimeoutMS: UNREACHABLE_AFTER_MS,
  connectTimeoutMS: UNREACHABLE_AFTER_MS,
  waitQueueTimeoutMS: UNREACHABLE_AFTER_MS,
  socketTimeoutMS: UNANSWERED_AFTER_MS,
  // A call without a server fails instead of waiting in memory.
  bufferCommands: false,
  // Every query goes by _id, one or a range of them: the index that each collection has.
  autoIndex: false,
  autoCreate: false,
};

/** A connection that may be used before its server is there. */
export class LazyConnection {
  readonly mongoose: Connection;
  private readonly options: ConnectOptions;
  private opening: Promise<unknown> | undefined;

  /**
   * @param database instead of the one that the URL names
   * @throws MongoParseError when the URL is not one of MongoDB
   */
  constructor(
    private readonly url: string,
    database?: string,
  ) {
    const dbName = database ?? (NAMES_DATABASE.test(url) ? undefined : DEFAULT_DATABASE);
    this.options = dbName === undefined ? SETTINGS : { ...SETTINGS, dbName };
    // Made to check the URL now; it does not connect.
    new mongo.MongoClient(url);
    this.mongoose = createConnection();
    // For reads.
    this.mongoose.set('maxTimeMS', COMMAND_LIMIT_MS);
  }

  /**
   * Connects, if that did not succeed before; afterwards the driver reconnects by itself. Mongoose alone would try once.
   * @throws when the server is away, or after `close`
   */
  async open(): Promise<void> {
    this.opening ??= this.mongoose.openUri(this.url, { ...this.options }).catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    await this.opening;
  }

  /** Ends an attempt to connect as well. */
  async close(): Promise<void> {
    await this.mongoose.destroy(true);
  }
}
