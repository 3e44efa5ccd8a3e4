import { expect, it } from '@jest/globals';

import { longestClosed } from '../door.ts';
import { SLOW, type Site } from './site.ts';

const CLOSED_LIMIT_S = 3;
const OLD_TITLE = 'Paredão: vote agora';
const NEW_TITLE = 'Paredão: vote já';

/** What is done before the show, and between shows. */
export function isRehearsedAndUpgraded(site: Site): void {
  it(
    'is rehearsed with failures on purpose, and is up afterwards',
    async () => {
      const { stack, client, poll } = site;
      const { output } = await stack.documented('# ten votes a second', {
        'PAREDAO_PASSWORD=…': `PAREDAO_PASSWORD=${client.passwordOf('producao')}`,
      });
      const [, one, other] = /^log: \d+ distinct votes, (\d+) \+ (\d+) counted/m.exec(output) ?? [];
      const [, acknowledged] = /^invariant of (\d+) acknowledged votes: PASS/m.exec(output) ?? [];
      expect(output).not.toContain('not expected');
      poll.othersVoted(Number(acknowledged), Number(one) + Number(other));
      await poll.vote();
      await poll.expectEveryVote();
      expect((await client.total()).completo).toBe(false);
    },
    SLOW,
  );

  it(
    `is upgraded as documented, with the door closed for less than ${CLOSED_LIMIT_S} s`,
    async () => {
      const { stack, client, poll } = site;
      await stack.commit(`sed -i 's/${OLD_TITLE}/${NEW_TITLE}/' web/index.html`);
      const before = await stack.containers();
      const upgrade = stack.documented('git pull').then(() => stack.healthy());
      let withoutVotes = 0;
      const closed = await longestClosed(
        client.port,
        poll.goesOn(upgrade).then((longest) => (withoutVotes = longest)),
      );
      process.stdout.write(
        `the door was closed for ${closed.toFixed(2)} s; no vote was taken for ${withoutVotes.toFixed(1)} s at most\n`,
      );
      expect((await client.get('/')).text).toContain(NEW_TITLE);
      const { output } = await stack.expectDone(
        'git rev-parse HEAD\ndocker compose exec -T command-api printenv COMMIT',
      );
      const [wanted, told] = output.trim().split('\n');
      expect(told).toBe(wanted);
      const stores = /^(eventstoredb|mongo)$/;
      const after = await upgrade;
      for (const { service, id } of before.filter(({ service }) => stores.test(service)))
        expect(after.find((container) => container.service === service)?.id).toBe(id);
      await poll.expectEveryVote();
      expect(closed).toBeLessThan(CLOSED_LIMIT_S);
    },
    SLOW,
  );
}
