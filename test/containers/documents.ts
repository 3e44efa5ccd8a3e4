import { readFileSync } from 'node:fs';

export const DOCUMENTS = [
  'README.md',
  'docs/operations.md',
  'docs/audit.md',
  'deploy/kubernetes/README.md',
  'deploy/ansible/README.md',
];

export interface Command {
  readonly document: string;
  /** As it stands there; of a block, all of its lines. */
  readonly text: string;
}

const BLOCK = /^```sh\n([^]*?)^```$/gm;
/** A command in the middle of a text or a table. */
const INLINE = /`(docker\scompose\s[^`]+)`/g;

/** The commands of a document, blocks first: each once. */
export function commandsOf(document: string): Command[] {
  const markdown = readFileSync(document, 'utf8');
  const blocks = [...markdown.matchAll(BLOCK)].map(([, text = '']) => text.trim());
  const inline = [...markdown.replaceAll(BLOCK, '').matchAll(INLINE)].map(([, text = '']) =>
    text.replaceAll(/\s+/g, ' '),
  );
  return [...new Set([...blocks, ...inline])].map((text) => ({ document, text }));
}

/** Commands that the documents have and nobody runs here, and why. */
export const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [/^git clone /, 'needs the address of a forge'],
  [/^npm (start|test|run)/, 'without containers: the specs of the commands run them'],
  [/^DATA_DIR=rehearsal npm start|^npm run replay/, 'without containers'],
  [/^zcat /, 'of an export, by anyone: test/audit-commands.spec.ts'],
  [/^EVENTSTORE_URL=/, 'needs a server that is no stand-in'],
  [/^sudo sysctl/, 'changes the kernel of this machine'],
  [/docker-compose\.cluster\.yml/, 'the stand-ins make no cluster'],
  [/docker-compose\.tls\.yml/, 'needs a certificate of its own: test/nginx/tls.spec.ts'],
  [/^docker compose … /, 'is for certificates of the cluster'],
  [/^cd deploy\/ansible/, 'is for another host: test/deploy/ansible.spec.ts'],
  [/^docker build |^deploy\/kubernetes\/secrets\.sh|^kubectl/, 'needs a cluster: test/deploy/kubernetes.spec.ts'],
  [/^docker compose exec (grafana grafana cli|mongo mongosh)/, 'a stand-in has no such program'],
  [/^cd docs\/verify|^poll=/, 'needs no service of ours, but Go: test/transparency/export.spec.ts'],
  [/^openssl genpkey/, 'makes a key, as libs/platform/secrets.spec.ts does'],
  [/^WITNESSES=/, 'needs witnesses on other machines: test/witnessed.spec.ts'],
  [/^chromium --kiosk/, 'is for a wall in a studio: test/browser/stage.spec.ts opens the page'],
  [/^docker compose (--profile \w+ )*up$/, 'stays in the foreground: the same is run with -d'],
];

/** Why a command is not run on the engine; undefined where it must be. */
export const excuseFor = (text: string): string | undefined => NOT_HERE.find(([form]) => form.test(text))?.[1];
