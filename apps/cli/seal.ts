import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';

import { isoTime } from '#domain';
import { secretsOf } from '#platform';
import { UsageError } from '#platform/arguments';
import { type Environment, readEnvironment } from '#platform/environment';
import { openEventLog, openReadModel } from '#platform/stores';
import {
  type Decision,
  LogSealer,
  SealKeys,
  type SealStores,
  type SealedLog,
  encodeWitnessOverruled,
  overrule,
  sealedLogsOf,
  shown,
} from '#seal';
import { Witnesses, parseWitnesses } from '#witness';

import { runCommand } from './lib/command.ts';

const PROGRAM = {
  usage: 'npm run seal -- overrule --poll N --reason TEXT [options]',
  about: `Lets the ballot box of a poll be sealed again although it is not the one that was published, because its log was restored. What it
sets aside, checkpoints and witnesses that have seen more, is shown, and stands in the log for ever. See the alert SealRefused in docs/operations.md first.`,
  options: {
    poll: { type: 'string', value: 'N', help: 'which poll' },
    reason: { type: 'string', value: 'TEXT', help: 'why, for auditors to read' },
    by: { type: 'string', value: 'NAME', help: 'who decided; the user of this machine by default' },
  },
  operands: { least: 1, most: 1 },
} as const;

await runCommand(
  PROGRAM,
  async ({ positionals: [action = ''], values: { poll, reason, by = userInfo().username } }) => {
    if (action !== 'overrule') throw new UsageError(`there is no "${action}"`);
    if (poll === undefined || reason === undefined || reason.trim() === '')
      throw new UsageError('overrule needs --poll and --reason');
    const environment = readEnvironment();
    const log = await openEventLog(environment, 'write');
    const readModel = await openReadModel(environment);
    try {
      const logs = await sealedLogsOf(log, poll, keysOf(environment));
      if (typeof logs === 'string') throw new UsageError(`poll ${poll} has no ballot box that this deployment opened`);
      const decision = { by, at: isoTime(Date.now()), reason: reason.trim() };
      const stores = { log, tiles: readModel.tiles };
      const witnesses = witnessesOf(environment);
      let count = 0;
      for (const sealed of logs) {
        for (const { size, note } of await overrule(sealed, stores, decision)) {
          count++;
          console.log(`${sealed.name}: a checkpoint of ${String(size)} leaves is set aside. Keep it:\n\n${note}`);
        }
        count += await setAside(sealed, stores, decision, witnesses);
      }
      if (count === 0) console.log(`Poll ${poll} is as it was published: nothing is set aside.`);
      return count === 0 ? 1 : 0;
    } finally {
      await log.close();
      await readModel.close();
    }
  },
);

/** Sets aside, on record, every witness under contract that has seen another log than this one. @returns how many */
async function setAside(
  sealed: SealedLog,
  stores: SealStores,
  decision: Decision,
  witnesses: Witnesses,
): Promise<number> {
  const sealer = await LogSealer.resume(sealed, stores);
  const question = shown(sealed, stores, sealer.note);
  const objections = await witnesses.objections(question, () => sealer.refresh(), sealer.setAside);
  for (const { witness, size } of objections) {
    const event = { ...encodeWitnessOverruled({ ...decision, witness: witness.vkey, size }), id: randomUUID() };
    await stores.log.append(sealed.checkpoints, [event], 'any');
    const { name } = witness.verifier;
    console.log(`${sealed.name}: ${name}, which has seen ${String(size)} leaves, is not asked any more.`);
  }
  return objections.length;
}

function witnessesOf({ witnesses = '' }: Environment): Witnesses {
  return new Witnesses(parseWitnesses(witnesses), () => {});
}

function keysOf(environment: Environment): SealKeys {
  const { seal, sealElsewhere } = secretsOf(environment);
  return new SealKeys(seal, sealElsewhere);
}
