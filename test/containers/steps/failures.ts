import { expect, it } from '@jest/globals';

import { SLOW, type Site } from './site.ts';

/** Voters do without them. */
const BEHIND = ['log-keeper', 'audit-api', 'query-api', 'projector', 'mongo'];

/** MongoDB begins with nothing, and dies while it makes its users. */
const BREAK_OFF_FIRST_START = `
docker compose stop mongo
docker compose run --rm --no-deps --entrypoint sh mongo -c 'rm -rf /data/db/*'
since=$(date --iso-8601=ns)
docker compose up -d --no-deps mongo
id=$(docker compose ps --quiet mongo)
for try in {1..300}; do
  if docker logs --since "$since" "$id" 2>&1 | grep -q /docker-entrypoint-initdb.d/; then break; fi
  sleep 0.1
done
docker kill "$id"
docker compose up -d --no-deps mongo
timeout 60 docker logs --follow --since "$since" "$id" 2>&1 | grep -m 1 'The first start was broken off'`;

async function startsAnew(site: Site): Promise<void> {
  await site.stack.expectDone(BREAK_OFF_FIRST_START);
  await site.stack.healthy();
  await site.stack.expectDone(BREAK_OFF_FIRST_START);
  await site.stack.documented('docker compose stop mongo');
}

/** What dies, and how it comes back; votes go on, and each that is acknowledged counts once. */
export function recovers(site: Site): void {
  it(
    'takes votes while everybody behind the log is dead, who come back as documented',
    async () => {
      const { stack, poll } = site;
      await stack.kill(...BEHIND);
      await poll.voteAtOnce();
      for (const service of BEHIND)
        await stack.documented('docker compose up -d --no-deps <service>', { '<service>': service });
      await stack.documented('docker compose logs <service>', { '<service>': 'projector' });
      await stack.healthy();
      await poll.expectEveryVote();
    },
    SLOW,
  );

  it(
    'gets over a MongoDB that dies in its first start, while the others die, too, and votes go on',
    async () => {
      const { stack, poll } = site;
      const others = async (): Promise<void> => {
        for (const service of ['eventstoredb', 'command-api', 'nginx']) {
          await stack.kill(service);
          await stack.expectDone(`docker compose up -d --no-deps ${service}`);
        }
      };
      const longest = await poll.goesOn(Promise.all([startsAnew(site), others()]));
      process.stdout.write(`no vote was taken for ${longest.toFixed(1)} s at most\n`);
      await stack.healthy();
      await poll.expectEveryVote();
    },
    SLOW,
  );

  it(
    'starts by itself what crashed, all of it at once',
    async () => {
      const { stack, poll } = site;
      await stack.crash();
      await poll.vote();
      await stack.healthy();
      await poll.expectEveryVote();
    },
    SLOW,
  );

  it(
    'takes more instances, finds them by name, and does without the first ones',
    async () => {
      const { stack, poll } = site;
      const scaled = (await stack.containers()).filter(({ service }) => /^(command|query)-api$/.test(service));
      await stack.documented('docker compose up -d --scale command-api=4 --scale query-api=2');
      await stack.healthy();
      await stack.expectDone(`docker kill ${scaled.map(({ id }) => id).join(' ')}`);
      await poll.vote();
      await poll.expectEveryVote();
      await stack.expectDone('docker compose up -d');
      const names = (await stack.healthy()).map(({ service }) => service).filter((name) => name.endsWith('-api'));
      expect(names.sort()).toEqual(['audit-api', 'command-api', 'command-api', 'query-api']);
    },
    SLOW,
  );
}
