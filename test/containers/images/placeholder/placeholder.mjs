/** Answers on the ports of what it stands for, as far as the stack asks: health checks, and what graylog/init.mjs looks up. */
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const PORTS = [3000, 8080, 8081, 9000, 9200];
const PACK = '/etc/paredao/content-packs/paredao.json';

/** Graylog with its content pack installed, and everything running. */
const GRAYLOG = [
  [/\/lbstatus$/, () => 'ALIVE'],
  [/\/installations$/, () => ({ installations: [installation()] })],
  [/\/index_sets$/, () => ({ index_sets: [{ id: 'days', index_prefix: 'paredao-acessos' }] })],
  [/\/streams\//, () => ({ index_set_id: 'days', disabled: false })],
  [/\/inputstates\//, () => ({ state: 'RUNNING' })],
];

function installation() {
  const { rev } = JSON.parse(readFileSync(PACK, 'utf8'));
  const entities = ['stream', 'input'].map((name) => ({ id: name, title: 'Acessos', type: { name } }));
  return { _id: 'installation', content_pack_revision: rev, entities };
}

// mongo-express reads this variable and no file (its config.default.js)
if (process.argv[1] === '/app' && !process.env.ME_CONFIG_MONGODB_URL?.includes('@mongo:')) {
  console.error('Could not connect to database using connectionString: mongodb://mongo:27017');
  process.exit(1);
}
for (const port of PORTS)
  createServer(({ url }, response) => {
    const answer = GRAYLOG.find(([path]) => path.test(url))?.[1]() ?? 'ok';
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  }).listen(port);
process.once('SIGTERM', () => process.exit(0));
