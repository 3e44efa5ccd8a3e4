import { connect } from 'node:net';
import { once } from 'node:events';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { Deployment, SignedLog } from './testing/signed-log.ts';
import { TestWitness } from './testing/witnesses.ts';

const deployment = new Deployment();
const box = new SignedLog('vote.example/urna/1/1');
const keys = deployment.introduce(box, new SignedLog('vote.example/urna/1/atos'));

let auditor: TestWitness;
let server: Awaited<ReturnType<TestWitness['listen']>>;

async function post(body: string | Uint8Array, path = '/add-checkpoint') {
  const response = await fetch(`${server.url}${path}`, { method: 'POST', body: Buffer.from(body) });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

beforeEach(async () => {
  auditor = new TestWitness([deployment.vkey]);
  server = await auditor.listen();
  expect((await post(keys, '/add-log')).status).toBe(200);
});
afterEach(() => server.close());

describe('the server of a witness', () => {
  it('says its verifier key', async () => {
    expect(await (await fetch(`${server.url}/vkey`)).text()).toBe(`${auditor.vkey}\n`);
  });

  it('answers as the standard says, to the letter', async () => {
    expect(await post(await box.body(0, 300))).toEqual({
      status: 200,
      type: 'text/plain; charset=utf-8',
      body: expect.stringMatching(/^— auditor\.example\/w1 \S+\n$/),
    });
    expect(await post(await box.body(0, 300))).toEqual({ status: 409, type: 'text/x.tlog.size', body: '300\n' });
    expect(await post(await box.fork(9).body(300, 400))).toMatchObject({ status: 422 });
    expect(await post(await box.body(400, 300))).toMatchObject({ status: 400 });
    expect(await post(await new SignedLog(box.origin).body(0, 3))).toMatchObject({ status: 403 });
    expect(await post(await new SignedLog('nobody.example').body(0, 3))).toMatchObject({ status: 404 });
  });

  it('lets one of two forks win, for good, however many ask at once', async () => {
    const other = box.fork(5);
    const bodies = [...(await Promise.all([300, 301, 302].map((size) => box.body(0, size))))];
    const forked = [...(await Promise.all([300, 301, 302].map((size) => other.body(0, size))))];
    const answers = await Promise.all([...bodies, ...forked, ...bodies, ...forked].map((body) => post(body)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(11);
    const { size, note } = auditor.store.find(box.origin)!;
    const loser = note.startsWith(box.note(size).split('\n\n')[0]!) ? other : box;
    for (const [from, to] of [
      [size, size],
      [size, 400],
      [0, 400],
      [0, size],
    ] as const)
      expect((await post(await loser.body(from, to))).status).not.toBe(200);
  });

  it('says nothing to whoever does not know its path, and has the checkpoint that the zerésima shows to all', async () => {
    expect((await post(await box.body(0, 300))).status).toBe(200);
    const zeresima = Buffer.from(await box.body(0, 1));
    const { origin } = new URL(server.url);

    for (const path of ['', '/its', '/its-secret-', '/add-checkpoint', '/add-checkpoint/its-secret']) {
      const answer = await fetch(`${origin}${path}/add-checkpoint`, { method: 'POST', body: zeresima });
      expect([path, answer.status, await answer.text()]).toEqual([path, 404, expect.not.stringContaining('300')]);
    }
    expect((await fetch(`${origin}/vkey`)).status).toBe(404);
  });

  it('takes no body that is too long, and none at all for what it is not', async () => {
    const [long, line] = [Buffer.alloc(64 * 1024 + 1, 'a'), 'old 0\n'];

    expect((await post(long)).status).toBe(413);
    expect((await post(Buffer.concat([await box.body(0, 5), long]), '/add-log')).status).toBe(413);
    expect((await post('')).status).toBe(400);
    expect((await post('', '/add-log')).status).toBe(400);
    expect((await post(line, '/elsewhere')).status).toBe(404);
    expect((await fetch(`${server.url}/add-checkpoint`)).status).toBe(404);
  });

  it('closes on a client that takes its time, and goes on with the others', async () => {
    const [slow] = [connect(server.port, '127.0.0.1')];
    slow.on('error', () => {});
    slow.write('POST /its-secret/add-checkpoint HTTP/1.1\r\nhost: a\r\ncontent-length: 60000\r\n\r\nold');
    const closed = once(slow, 'close');
    slow.resume();

    expect((await post(await box.body(0, 5))).status).toBe(200);
    await closed;
  });

  it('survives whatever is made of a request', async () => {
    const good = await box.body(0, 300);
    for (let round = 0, seed = 1; round < 300; round++) {
      const bad = Buffer.from(good);
      for (let changes = 0; changes <= round % 4; changes++) {
        seed = (seed * 48_271) % 2_147_483_647;
        // not the signature's own base64 padding: other bytes of it are other signatures
        bad[seed % good.length] = (bad[seed % good.length]! + 1 + (seed % 255)) % 256;
      }
      const cut = round % 3 === 0 ? bad.subarray(0, seed % good.length) : bad;
      const { status } = auditor.witness.addCheckpoint(cut);
      expect([400, 403, 404, 409, 422]).toContain(status);
      expect([400, 403]).toContain(auditor.witness.addLog(cut).status);
    }
    expect((await post(good)).status).toBe(200);
  });

  it('says that it cannot answer, and signs nothing, when its disk does not take it', async () => {
    auditor.store.close();

    const { status, body } = await post(await box.body(0, 5));
    expect({ status, body }).toEqual({ status: 500, body: 'this witness cannot answer now\n' });
    expect(auditor.said).toContain('error: a request failed, and nothing was signed');
  });
});
