import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { mongo } from 'mongoose';

const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

type Document = mongo.BSON.Document;

/** What FerretDB cannot be brought to say: the primary of a replica set that answers what a spec told it to. */
export class ScriptedServer {
  /** The commands that came, but for those of the driver itself. */
  readonly commands: Document[] = [];
  /** Connections that the client gave up. */
  hangUps = 0;
  private readonly replies: Document[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private pauseMs = 0;

  private constructor() {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => {
        this.sockets.delete(socket);
        this.hangUps++;
      });
      socket.on('error', () => socket.destroy());
      // The reader hears it when either side hangs up.
      this.serve(socket).catch(() => socket.destroy());
    });
  }

  static async listen(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    scripted.server.listen(0, '127.0.0.1');
    await once(scripted.server, 'listening');
    return scripted;
  }

  get url(): string {
    return `mongodb://${this.address}/?replicaSet=rs`;
  }

  /** The next commands get these, each after a pause. */
  answer(replies: Document[], pauseMs = 0): void {
    this.replies.push(...replies);
    this.pauseMs = pauseMs;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async serve(socket: Socket): Promise<void> {
    let bytes = Buffer.alloc(0);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= HEADER_BYTES && bytes.length >= bytes.readInt32LE(0)) {
        const length = bytes.readInt32LE(0);
        socket.write(await this.reply(bytes.subarray(0, length)));
        bytes = bytes.subarray(length);
      }
    }
  }

  private async reply(message: Buffer): Promise<Buffer> {
    // An old-style query: only the driver's first greeting is one.
    if (message.readInt32LE(12) === OP_QUERY) return packed(message, OP_REPLY, oldStyle(this.hello()));
    const command = mongo.BSON.deserialize(message.subarray(HEADER_BYTES + 5), {
      allowObjectSmallerThanBufferSize: true,
    });
    return packed(
      message,
      OP_MSG,
      Buffer.concat([Buffer.alloc(5), mongo.BSON.serialize(await this.answerTo(command))]),
    );
  }

  private async answerTo(command: Document): Promise<Document> {
    const [name] = Object.keys(command);
    if (name === 'hello' || name === 'ismaster') return this.hello();
    if (name === 'endSessions') return { ok: 1 };
    this.commands.push(command);
    if (this.pauseMs > 0) await delay(this.pauseMs, undefined, { ref: false });
    return this.replies.shift() ?? { ok: 0, code: 1, errmsg: 'nothing more was scripted' };
  }

  private hello(): Document {
    const { address } = this;
    const set = { setName: 'rs', setVersion: 1, hosts: [address], me: address, primary: address };
    const limits = { maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 };
    return {
      ...set,
      ...limits,
      isWritablePrimary: true,
      helloOk: true,
      minWireVersion: 0,
      maxWireVersion: 25,
      logicalSessionTimeoutMinutes: 30,
      ok: 1,
    };
  }
}

/** Flags, cursor and place, number of documents, document. */
function oldStyle(document: Document): Buffer {
  const head = Buffer.alloc(20);
  head.writeInt32LE(1, 16);
  return Buffer.concat([head, mongo.BSON.serialize(document)]);
}

function packed(request: Buffer, opcode: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + body.length, 0);
  header.writeInt32LE(request.readInt32LE(4), 8);
  header.writeInt32LE(opcode, 12);
  return Buffer.concat([header, body]);
}
