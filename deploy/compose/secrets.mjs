/**
 * Makes what the stack keeps secret, once: a later start finds it and changes nothing. Every consumer has a folder, a
 * volume of its own, below the folder given (default /secrets), so that nobody reads what is for somebody else.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ensureUsers } from '#auth';
import { makeFolder, settleFile } from '#files';
import { loadSecrets } from '#platform';

/** Of the services themselves: nobody else mounts the folder. */
const PRIVATE = 0o600;
/** Of a container that runs as another user, in a volume that only it mounts. */
const FOR_ANOTHER_USER = 0o444;

const root = process.argv[2] ?? '/secrets';
const at = (...parts) => join(root, ...parts);

/** Letters and digits only, so that it needs no quoting in a URL or a shell. */
const password = () => randomBytes(24).toString('hex');

/** The content of a file, made if it is missing; never half of it. */
function once(path, mode, make) {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  makeFolder(dirname(path));
  const content = make();
  writeFileSync(`${path}.new`, content, { mode, flush: true });
  settleFile(`${path}.new`, path);
  return content;
}

const secretOf = (folder, name, make = password) => once(at(folder, name), FOR_ANOTHER_USER, make);

// Keys of the services; users, whose passwords the operator gets to read once.
await ensureUsers(at('operator'), loadSecrets(at('app')));
once(at('app', 'users.json'), PRIVATE, () => readFileSync(at('operator', 'users.json'), 'utf8'));

const mongo = {
  paredao: secretOf('mongo', 'app-password'),
  leitor: secretOf('mongo', 'reader-password'),
  medidor: secretOf('mongo', 'monitor-password'),
};
secretOf('mongo', 'root-password');
secretOf('mongo', 'keyfile', () => randomBytes(512).toString('base64'));

secretOf('eventstore', 'admin-password');
secretOf('eventstore', 'ops-password');
const eventstore = secretOf('eventstore', 'app-password');
const measuring = secretOf('eventstore', 'monitor-password');
secretOf('prometheus', 'eventstore-password', () => measuring);

const MONGO_MEMBERS = ['mongo', 'mongo-2', 'mongo-3'].map((host) => `${host}:27017`).join();
const EVENTSTORE_NODES = ['eventstoredb', 'eventstoredb-2', 'eventstoredb-3'].map((host) => `${host}:2113`).join();
const urls = {
  'mongodb-url': `mongodb://paredao:${mongo.paredao}@mongo:27017/paredao`,
  'mongodb-cluster-url': `mongodb://paredao:${mongo.paredao}@${MONGO_MEMBERS}/paredao?replicaSet=paredao`,
  'eventstore-cluster-url': `esdb://paredao:${eventstore}@${EVENTSTORE_NODES}?tls=true&tlsCaFile=/run/paredao/eventstore-ca.crt`,
};
for (const [name, url] of Object.entries(urls)) once(at('app', name), PRIVATE, () => url);

secretOf('tools', 'mongo-express-url', () => `mongodb://leitor:${mongo.leitor}@mongo:27017/paredao`);
secretOf('tools', 'mongo-express-session');
const tools = ['mongo-express', 'portainer'].map((name) => [name, secretOf('tools', `${name}-password`)]);

const graylog = secretOf('graylog', 'admin-password');
secretOf('graylog', 'admin-password-sha2', () => createHash('sha256').update(graylog).digest('hex'));
secretOf('graylog', 'session-secret');
const graylogMongo = secretOf('graylog', 'mongodb-password');
secretOf('graylog', 'mongodb-url', () => `mongodb://root:${graylogMongo}@graylog-mongo:27017/graylog?authSource=admin`);

const grafana = secretOf('monitoring', 'grafana-password');
const measured = { 'mongodb-url': 'mongo:27017/?', 'mongodb-cluster-url': `${MONGO_MEMBERS}/?replicaSet=paredao&` };
for (const [name, servers] of Object.entries(measured))
  secretOf('monitoring', name, () => `mongodb://medidor:${mongo.medidor}@${servers}authSource=admin`);

/** Passwords of people, by the profile that they belong to. */
const pages = { tools, logging: [['graylog', graylog]], monitoring: [['grafana', grafana]] };
for (const [profile, passwords] of Object.entries(pages)) {
  const lines = passwords.map(([name, text]) => `  ${name.padEnd(13)} admin ${text}\n`);
  once(at('operator', `${profile}.txt`), PRIVATE, () => lines.join(''));
}
