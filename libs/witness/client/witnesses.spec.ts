import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { cosigner, openNote, parseNote, signatureLine, verifierKey, verifierOf } from '#transparency';
import { Witnesses, parseWitnesses } from '#witness';
import { Deployment, SignedLog, newKey } from '../testing/signed-log.ts';
import { TestWitness, temporaryDirectory } from '../testing/witnesses.ts';

const deployment = new Deployment();
const box = new SignedLog('vote.example/urna/1/1');
const keys = deployment.introduce(box, new SignedLog('vote.example/urna/1/atos'));

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A line of the list for a witness that is there. */
async function line(witness: TestWitness, mark = 'contracted'): Promise<string> {
  const { url, close } = await witness.listen();
  closers.push(close);
  return `${witness.vkey} ${url} ${mark}`;
}

const newWitness = (name: string): TestWitness => new TestWitness([deployment.vkey], '', temporaryDirectory(), name);

/** A line of the list for one that answers whatever it likes. */
async function liar(answer: (request: IncomingMessage, response: ServerResponse) => void, key = newKey()) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `${verifierKey('liar.example/w', key, 'cosignature')} http://127.0.0.1:${port} contracted`;
}

function endless(response: ServerResponse): void {
  const timer = setInterval(() => response.write('a'.repeat(9999)), 1);
  response.once('close', () => clearInterval(timer));
}

function clientOf(...lines: string[]) {
  const said: string[] = [];
  const witnesses = new Witnesses(parseWitnesses(lines.join(';')), (level, message, { reason = '' }) =>
    said.push(`${level}: ${message} ${reason}`.trim()),
  );
  /** @param sealedByNow leaves that the log has by the time of the answer */
  const ask = (size: number, log = box, sealedByNow = size) =>
    Promise.all(
      witnesses.clients.map((client) => witnesses.cosign(client, log.sealed(size, keys), async () => sealedByNow)),
    );
  return {
    said,
    ask,
    /** Asks until no one has to wait. */
    answers: async (size: number, log = box) => {
      for (;;) {
        const answers = await ask(size, log);
        if (answers.every(({ outcome }) => outcome !== 'skipped')) return answers;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    /** Names and sizes. */
    objections: async (size: number, { log = box, sealedByNow = size, setAside = new Set<string>() } = {}) => {
      const objections = await witnesses.objections(log.sealed(size, keys), async () => sealedByNow, setAside);
      return objections.map(({ witness, size: seen }) => `${witness.verifier.name}: ${seen}`);
    },
  };
}

describe('witnesses', () => {
  it('cosign a checkpoint, each for itself, and are told of the log when they do not know it', async () => {
    const [one, two] = [newWitness('one.example/w'), newWitness('two.example/w')];
    const client = clientOf(await line(one), await line(two));
    const answers = await client.ask(300);

    const lines = answers.map((answer) => (answer.outcome === 'cosigned' ? answer.line : ''));
    const { verified } = openNote(`${parseNote(box.note(300)).text}\n${lines.join('')}`, [
      verifierOf(one.vkey),
      verifierOf(two.vkey),
    ]);
    expect(verified.map(({ name }) => name)).toEqual(['one.example/w', 'two.example/w']);
    expect(client.said).toEqual([]);
  });

  it('are shown that a checkpoint goes on from the one that they have', async () => {
    const witness = newWitness('one.example/w');
    const address = await line(witness);
    await clientOf(address).ask(255);
    const restarted = clientOf(address);

    expect(await restarted.ask(600)).toMatchObject([{ outcome: 'cosigned' }]);
    expect(await restarted.answers(700)).toMatchObject([{ outcome: 'cosigned' }]);
    expect(await clientOf(address).ask(700)).toMatchObject([{ outcome: 'cosigned' }]);
    expect(witness.store.find(box.origin)!.size).toBe(700);
  });

  it('that are dead or lie hold up no others, and count for nothing', async () => {
    const good = newWitness('good.example/w');
    const dead = `${newWitness('dead.example/w').vkey} http://127.0.0.1:1 contracted`;
    const [key, other] = [newKey(), newKey()];
    const forger = cosigner('liar.example/w', other, () => 1n);
    const bad = { name: forger.name, keyId: verifierOf(verifierKey(forger.name, key, 'cosignature')).keyId };
    const lies = await liar((_request, response) => {
      response.end(signatureLine({ ...bad, signature: forger.sign(parseNote(box.note(300)).text) }));
    }, key);
    const client = clientOf(await line(good), dead, lies);
    const answers = await client.ask(300);

    expect(answers).toMatchObject([
      { outcome: 'cosigned' },
      { outcome: 'failed' },
      { outcome: 'failed', reason: 'the signature of liar.example/w is wrong' },
    ]);
    expect(client.said).toHaveLength(2);
    expect(await client.ask(300)).toMatchObject([
      { outcome: 'cosigned' },
      { outcome: 'skipped' },
      { outcome: 'skipped' },
    ]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['nothing', (response) => response.end()],
    ['a page', (response) => response.end('<html>'.repeat(9))],
    ['without end', (response) => endless(response)],
    ['a redirection', (response) => response.writeHead(307, { location: '/' }).end()],
    ['another size each time', (response) => response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('1')],
    ['no size', (response) => response.writeHead(409).end('300')],
    ['a size that is none', (response) => response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('1e9')],
    ['an error', (response) => response.writeHead(500).end()],
    ['no more', (response) => response.destroy()],
  ])('that answer %s are given up', async (_what, answer) => {
    const client = clientOf(
      await liar((request, response) => void request.resume().once('end', () => answer(response))),
    );

    expect(await client.ask(300)).toMatchObject([{ outcome: 'failed' }]);
    expect(client.said).toEqual([expect.stringMatching(/^warn: a witness does not cosign \S/)]);
  });

  it('that were shown another tree of the same size are believed, loudly', async () => {
    const witness = newWitness('one.example/w');
    const address = await line(witness);
    await clientOf(address).ask(300, box.fork(200));
    const client = clientOf(address);

    expect(await client.ask(300)).toEqual([{ outcome: 'fork', size: 300 }]);
    expect(client.said).toEqual(['error: FORK: a witness was shown another log than ours']);
  });

  it('that were shown another tree before are believed, loudly and once', async () => {
    const witness = newWitness('one.example/w');
    const address = await line(witness);
    await clientOf(address).ask(300, box.fork(200));
    const client = clientOf(address);

    expect(await client.ask(400)).toEqual([{ outcome: 'fork', size: 300 }]);
    expect(await client.answers(500)).toMatchObject([{ outcome: 'fork' }]);
    expect(client.said).toHaveLength(1);
    expect(witness.store.find(box.origin)!.size).toBe(300);
  });

  it('that have seen more than there is say so: the log was restored', async () => {
    const address = await line(newWitness('one.example/w'));
    await clientOf(address).ask(300);
    const client = clientOf(address);

    expect(await client.ask(200)).toEqual([{ outcome: 'ahead', size: 300 }]);
    expect(await clientOf(address).ask(0)).toMatchObject([{ outcome: 'ahead', size: 300 }]);
    expect(client.said).toEqual([expect.stringContaining('error: a witness has seen more')]);
  });

  it('are not suspected when our own tiles are wrong', async () => {
    const address = await line(newWitness('one.example/w'));
    await clientOf(address).ask(200);
    const broken = { ...box.sealed(300, keys), tiles: box.fork(9).tiles };
    const witnesses = new Witnesses(parseWitnesses(address), () => {});

    expect(await witnesses.cosign(witnesses.clients[0]!, broken, async () => 300)).toMatchObject({
      ...{ outcome: 'failed', reason: 'our own tiles do not make this checkpoint' },
    });
  });

  it('that were shown more by another sealer are not suspected', async () => {
    const address = await line(newWitness('one.example/w'));
    await clientOf(address).ask(300);
    const client = clientOf(address);

    expect(await client.ask(200, box, 300)).toEqual([{ outcome: 'stale' }]);
    expect(await client.objections(200, { sealedByNow: 300 })).toEqual([]);
    expect(client.said).toEqual([]);
  });

  it('object to a log that they have seen more of, or another one, if they have a contract and are not set aside', async () => {
    const [one, open] = [newWitness('one.example/w'), newWitness('two.example/w')];
    const lines = [
      await line(one),
      await line(open, ''),
      `${newWitness('dead.example/w').vkey} http://127.0.0.1:1 contracted`,
    ];
    await clientOf(...lines).ask(300);

    expect(await clientOf(...lines).objections(200)).toEqual(['one.example/w: 300']);
    expect(await clientOf(...lines).objections(0)).toEqual(['one.example/w: 300']);
    expect(await clientOf(...lines).objections(400, { log: box.fork(200) })).toEqual(['one.example/w: 300']);
    expect(await clientOf(...lines).objections(200, { setAside: new Set([one.vkey]) })).toEqual([]);
    expect(await clientOf(...lines).objections(300)).toEqual([]);
  });

  it('object although another log has just failed, or keeps them busy', async () => {
    const address = await line(newWitness('one.example/w'));
    await clientOf(address).ask(300);
    const strange = new SignedLog('other.example/urna/1/1');
    const client = clientOf(address);
    expect(await client.ask(5, strange)).toMatchObject([{ outcome: 'failed' }]);
    expect(await client.ask(200)).toEqual([{ outcome: 'skipped' }]);
    expect(await client.objections(200)).toEqual(['one.example/w: 300']);

    const { promise: isBusy, resolve: busyNow } = Promise.withResolvers<void>();
    let requests = 0;
    const slow = await liar((request, response) => {
      request.resume();
      if (requests++ > 0) response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('300');
      else busyNow();
    });
    const busy = clientOf(slow);
    const first = busy.ask(5, strange);
    await isBusy;
    expect(await busy.objections(200)).toEqual(['liar.example/w: 300']);
    await first;
  });

  it('that objected and went away still object', async () => {
    const witness = newWitness('one.example/w');
    const { url, close } = await witness.listen();
    const address = `${witness.vkey} ${url} contracted`;
    await clientOf(address).ask(300);
    const client = clientOf(address);
    await client.objections(200);
    await close();

    expect(await client.objections(200)).toEqual(['one.example/w: 300']);
    expect(await clientOf(address).objections(200)).toEqual([]);
  });

  it('come back after a pause, which is said', async () => {
    let isAway = true;
    const key = newKey();
    const signer = cosigner('liar.example/w', key, () => 1n);
    const address = await liar((_request, response) => {
      if (isAway) response.writeHead(503).end();
      else response.end(signatureLine({ ...signer, signature: signer.sign(parseNote(box.note(300)).text) }));
    }, key);
    const client = clientOf(address);
    await client.ask(300);
    isAway = false;

    expect(await client.answers(300)).toMatchObject([{ outcome: 'cosigned' }]);
    expect(client.said).toEqual([expect.stringContaining('warn'), 'info: a witness cosigns again']);
  });
});

describe('a list of witnesses', () => {
  const { vkey } = new TestWitness([]);

  it('has them one after another', () => {
    const list = parseWitnesses(` ${vkey} https://witness.example/w/ contracted;\n`);

    expect(list).toMatchObject([{ vkey, url: 'https://witness.example/w', isContracted: true }]);
    expect(parseWitnesses(`${vkey} http://[::1]:3900`)).toMatchObject([{ isContracted: false }]);
    expect(parseWitnesses('')).toEqual([]);
  });

  it.each([
    ['nonsense https://witness.example', 'of witness 1 the first word'],
    [`${deployment.vkey} https://witness.example`, 'verifier key of a witness'],
    [`${vkey} http://witness.example`, 'https address'],
    [`${vkey} ftp://witness.example`, 'https address'],
    [vkey, 'https address'],
    [`${vkey} https://witness.example publico`, 'nothing but "contracted"'],
    [`${vkey} https://a.example; ${vkey} https://witness.example contracted now`, 'of witness 2 nothing but'],
    [`${vkey} https://a.example;${vkey} https://b.example`, 'stands twice'],
  ])('is refused: %s', (text, why) => {
    expect(() => parseWitnesses(text)).toThrow(why);
  });
});
