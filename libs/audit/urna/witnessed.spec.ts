import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';

import { SealKeys } from '#seal';
import { type Verifier, cosigner, parseNote, signNote, verifierOf } from '#transparency';

import { type AuditReport, anchorOf, renderText } from '../index.ts';
import { VKEY, ballot, recorded, sealed, signedHead, wholePoll } from '../testing/sealed-poll.ts';
import { Voted, failuresOf, found } from '../testing/voted.ts';
import { urnaOf } from './urna-logs.ts';

const DRAFTS = wholePoll();
const EVENTS = recorded(DRAFTS);
const HONEST = sealed(EVENTS);
const LEAVES = EVENTS.filter(({ stream }) => stream.startsWith('votes-')).length;
const SERVICE = verifierOf(VKEY);

const witnessOf = (name: string) => cosigner(name, generateKeyPairSync('ed25519').privateKey, () => 1_795_474_890n);
const [ONE, TWO] = [witnessOf('um.example/w'), witnessOf('dois.example/w')];

/** A checkpoint with the cosignatures of witnesses. */
function cosigned(note: string, ...witnesses: readonly ReturnType<typeof witnessOf>[]): string {
  const { text, signatures } = parseNote(note);
  return signNote(text, witnesses, signatures);
}

async function audited(events: typeof EVENTS, vkeys: readonly Verifier[], ...notes: string[]): Promise<AuditReport> {
  const voted = await Voted.of(events);
  try {
    const anchors = notes.map((note, at) => anchorOf(`âncora-${at}`, note));
    return await voted.audit({ independent: false, vkeys, anchors });
  } finally {
    voted.dispose();
  }
}

const checkOf = ({ checks }: AuditReport, id: string) => checks.find((check) => check.id === id);

describe('the key of a witness', () => {
  it('says how much it signed, and nothing of the keys of the service', async () => {
    const report = await audited(HONEST, [ONE], cosigned(signedHead(EVENTS, 1), ONE));

    expect({ failures: failuresOf(report), anchored: report.anchored?.leaves }).toEqual({
      failures: {},
      anchored: LEAVES,
    });
    expect(checkOf(report, 'keys')).toMatchObject({ outcome: 'skipped', detail: { code: 'no-vkey' } });
    expect(checkOf(report, 'anchors')?.detail.witnesses).toEqual([{ name: 'um.example/w', leaves: LEAVES }]);
    expect(renderText(report)).toContain(`um.example/w assinou até a folha ${LEAVES}`);
  });

  it('beside that of the service leaves nothing to be said', async () => {
    const report = await audited(HONEST, [SERVICE, ONE, ONE], cosigned(signedHead(EVENTS, 1), ONE, TWO));

    expect(failuresOf(report)).toEqual({});
    expect(checkOf(report, 'keys')).toMatchObject({ outcome: 'ok' });
    expect(checkOf(report, 'anchors')?.detail.witnesses).toHaveLength(1);
    expect(renderText(report)).toMatch(/^CONFERE, ANCORADO$/m);
  });

  it('finds whoever has all keys of the service and hands over an anchor of another history', async () => {
    const other = DRAFTS.toSpliced(9, 1, ballot('outro', 2, DRAFTS[9]!.recordedAt));
    const rewritten = recorded(other);
    const bare = signedHead(rewritten, 1);
    const elsewhere = cosigned(bare, TWO);

    expect(failuresOf(await audited(sealed(rewritten), [SERVICE], bare))).toEqual({});
    for (const anchor of [bare, elsewhere]) {
      const report = await audited(sealed(rewritten), [SERVICE, ONE], anchor);
      expect(failuresOf(report)).toEqual({ anchors: [found('witness-signed-none', {}, { expected: 'um.example/w' })] });
      expect(report.anchored?.leaves).toBe(0);
      expect(renderText(report)).toContain('a testemunha um.example/w não assinou nenhuma das âncoras');
    }
  });

  it('anchors as far as the one that signed least', async () => {
    const anchors = [
      cosigned(signedHead(EVENTS, 1, 7), ONE),
      cosigned(signedHead(EVENTS, 1, 12), TWO),
      signedHead(EVENTS, 1),
    ];
    const report = await audited(HONEST, [ONE, TWO], ...anchors);

    expect({ failures: failuresOf(report), leaves: report.anchored?.leaves }).toEqual({ failures: {}, leaves: 7 });
    expect(renderText(report)).toContain('CONFERE, ANCORADO ATÉ A FOLHA 7 DE');
  });

  it('proves that somebody else signed in its name', async () => {
    const forger = { ...witnessOf('um.example/w'), keyId: ONE.keyId };
    const report = await audited(HONEST, [ONE], cosigned(signedHead(EVENTS, 1), forger));

    expect(failuresOf(report)['anchors']).toContainEqual(
      found('anchor-not-proven', {}, { actual: 'invalid-signature' }),
    );
  });
});

describe('the key of a ballot box', () => {
  it('is trusted as a whole: another one with its name and its id of 32 bits is none', async () => {
    const { box } = (await urnaOf(async function* read(stream: string) {
      yield EVENTS.filter((event) => event.stream === stream);
    }, 'paredao-1'))!;
    const publicKey = verifierOf(new SealKeys([Buffer.alloc(32, 8)]).deploymentKeys('voto.example')[0]!).publicKey;

    expect(failuresOf(await audited(HONEST, [box.verifier]))).toEqual({});
    expect(failuresOf(await audited(HONEST, [{ ...box.verifier, publicKey }]))).toEqual({
      keys: [found('keys-not-proven')],
    });
  });
});
