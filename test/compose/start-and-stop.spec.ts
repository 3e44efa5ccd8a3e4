import { beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

import { CLUSTER, CORE, type Service, type Stack, compose, describeWithCompose, mounts, names } from './compose.ts';

/** Whether its entry point is a script of ours that becomes the program. */
const execs = (service: Service): boolean =>
  mounts(service).some(
    ({ source, target }) =>
      service.entrypoint?.includes(target) === true && /^exec (?!mongosh)/m.test(readFileSync(source, 'utf8')),
  );

describeWithCompose.each([
  ['the stack', CORE],
  ['the stack as a cluster', CLUSTER],
])('%s', (_name, files) => {
  let stack: Stack;

  beforeAll(() => {
    stack = compose(files);
  });

  it('builds each image in one service, and uses it in others after that: two builds of one tag are refused by containerd', () => {
    const ours = names(stack, ({ image }) => image.startsWith('paredao/'));
    const buildersOf = (image: string): string[] =>
      ours.filter((name) => stack.services[name]!.image === image && stack.services[name]!.build !== undefined);
    const isAfter = (name: string, first: string): boolean =>
      name === first || Object.keys(stack.services[name]?.depends_on ?? {}).some((needed) => isAfter(needed, first));
    for (const name of ours) {
      const builders = buildersOf(stack.services[name]!.image);
      expect({ name, builders: builders.length, isAfter: isAfter(name, builders[0] ?? '') }).toEqual({
        name,
        builders: 1,
        isAfter: true,
      });
    }
  });

  it('opens its door before anybody else is there', () => {
    expect(stack.services['nginx']?.depends_on).toBeUndefined();
  });

  it('has no template in it, which docker-compose 1.29 would hand on as it stands', () => {
    expect(JSON.stringify(stack)).not.toContain('{{');
  });

  it('takes no MongoDB of the line that crashes on Linux 6.19 and later', () => {
    expect(names(stack, ({ image }) => image.startsWith('mongo:8.0.'))).toEqual([]);
  });

  it('tells mongo-express the address of MongoDB by the one variable that it reads', () => {
    const { environment = {}, command = [] } = stack.services['mongo-express']!;
    expect(Object.keys(environment)).not.toContain('ME_CONFIG_MONGODB_URL_FILE');
    expect([command].flat().join(' ')).toMatch(/(?<!\w)ME_CONFIG_MONGODB_URL=\S/);
  });

  it('hears a stop in the programs that do not listen for one: who is the first process ends by no other signal', () => {
    const listening = /^(nginx|eventstoredb|mongo|graylog-mongo)(-\d)?$/;
    const ours = names(
      stack,
      ({ image, entrypoint, command }) =>
        image.startsWith('paredao/app') || /\bnode\b|\bmongosh\b|\.sh$/.test([entrypoint, command].flat().join(' ')),
    );
    expect(ours.length).toBeGreaterThan(7);
    const deaf = ours.filter(
      (name) => !listening.test(name) && stack.services[name]!.init !== true && !execs(stack.services[name]!),
    );
    expect(deaf).toEqual([]);
  });
});
