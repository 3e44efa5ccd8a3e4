import { bootstrap } from './lib/bootstrap.mjs';
import { runTool } from './lib/child.mjs';

const PROGRAM = {
  usage: 'npm run check -- [options]',
  about: 'Format, lint, types and unused code, all of them even if one fails.',
  options: { fix: { type: 'boolean', default: false, help: 'mends what can be mended' } },
};

const CHECKS = [
  { name: 'lint', tool: 'eslint', args: ['.', '--max-warnings=0'], fix: ['--fix'] },
  { name: 'types', tool: 'typescript', args: ['-p', '.', '--noEmit'] },
  { name: 'types of the pages', tool: 'typescript', args: ['-p', 'web'] },
  { name: 'unused code', tool: 'knip', args: [] },
  { name: 'format', tool: 'prettier', args: ['.', '--cache', '--log-level=warn'], else: ['--check'], fix: ['--write'] },
];

/** The slowest comes first; two at a time keep two cores busy. */
const AT_ONCE = 2;

async function check({ name, tool, args, ...switches }, fixing) {
  const started = performance.now();
  const extra = (fixing ? switches.fix : switches.else) ?? [];
  const env = { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) };
  const { code, output } = await runTool(tool, [...args, ...extra], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (output.trim()) console.log(`${output.trimEnd()}\n`);
  return code === 0;
}

await bootstrap(PROGRAM, async ({ values: { fix } }) => {
  const waiting = [...CHECKS];
  let passed = true;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (!(await check(next, fix))) passed = false;
    }
  };
  await Promise.all(Array.from({ length: fix ? 1 : AT_ONCE }, worker));
  if (!passed) process.exitCode = 1;
});
