/**
 * Finishes what Graylog's content pack begins, once, and again after each start; a run that finds all done changes nothing.
 * The pack's loader only logs its failures, leaves the streams paused, and installs a raised revision beside the old one,
 * whose input holds the port.
 *
 *     node graylog/init.mjs <address> <file with the password of admin> [seconds to wait]
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const [address, passwordFile, limit = '300'] = process.argv.slice(2);
const PAUSE_MS = 2000;
const REQUEST_LIMIT_MS = 10_000;

/**
 * The access log has addresses of the staff. Marco Civil da Internet (Lei 12.965, art. 15) wants it kept for six months, and LGPD (Lei 13.709,
 * art. 16) no longer than that.
 */
const ACCESS_STREAM = 'Acessos';
const ACCESS_INDEX_PREFIX = 'paredao-acessos';
const ACCESS_DAYS = 184;

const pack = JSON.parse(readFileSync(new URL('content-packs/paredao.json', import.meta.url), 'utf8'));
const password = readFileSync(passwordFile, 'utf8').trim();
const deadline = performance.now() + Number(limit) * 1000;

/** The answer as JSON, or as text where it is none. */
async function call(method, path, body) {
  const response = await fetch(new URL(`api${path}`, address), {
    method,
    headers: {
      authorization: `Basic ${btoa(`admin:${password}`)}`,
      accept: 'application/json',
      'x-requested-by': 'paredao',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text.startsWith('{') ? JSON.parse(text) : text;
}

/** Asks until there is an answer that is not undefined. */
async function waitFor(what, ask) {
  for (;;) {
    let trouble = 'it is not';
    const answer = await ask().catch((error) => {
      trouble = error.cause?.message ?? error.message;
    });
    if (answer !== undefined) return answer;
    if (performance.now() + PAUSE_MS > deadline) throw new Error(`waited ${limit} s for ${what}: ${trouble}`);
    await delay(PAUSE_MS);
  }
}

const isAlive = () => waitFor('Graylog to be up', () => call('GET', '/system/lbstatus'));

/** The installation of this revision; those of others are taken away, with their inputs, streams and views. */
async function installed() {
  const path = `/system/content_packs/${pack.id}/installations`;
  const installations = await waitFor(`content pack ${pack.id} revision ${pack.rev} to be installed`, async () => {
    const { installations: all } = await call('GET', path);
    return all.some(isOfThisRevision) ? all : undefined;
  });
  const [current, ...twins] = installations.filter(isOfThisRevision);
  const others = installations.filter((installation) => !isOfThisRevision(installation));
  for (const { _id } of [...twins, ...others]) {
    await call('DELETE', `${path}/${_id}`);
    console.log(`took away installation ${_id}`);
  }
  return current;
}

const isOfThisRevision = ({ content_pack_revision: revision }) => revision === pack.rev;

async function startInput({ id, title }) {
  const path = `/system/inputstates/${id}`;
  const isRunning = async () => ((await call('GET', path)).state === 'RUNNING' ? true : undefined);
  if (await isRunning().catch(() => undefined)) return;
  await call('PUT', path);
  await waitFor(`input ${title} to run`, isRunning);
  console.log(`started ${title}`);
}

/** Days of the access log are indices of their own: the oldest goes when there are too many. */
async function accessIndexSet() {
  const path = '/system/indices/index_sets';
  const { index_sets: indexSets } = await call('GET', path);
  const known = indexSets.find(({ index_prefix: prefix }) => prefix === ACCESS_INDEX_PREFIX);
  if (known) return known.id;
  const strategies = 'org.graylog2.indexer';
  const { id } = await call('POST', path, {
    title: 'Acessos',
    description: `Log de acesso, apagado depois de ${ACCESS_DAYS} dias`,
    index_prefix: ACCESS_INDEX_PREFIX,
    shards: 1,
    replicas: 0,
    rotation_strategy_class: `${strategies}.rotation.strategies.TimeBasedRotationStrategy`,
    rotation_strategy: {
      type: `${strategies}.rotation.strategies.TimeBasedRotationStrategyConfig`,
      rotation_period: 'P1D',
      rotate_empty_index_set: true,
    },
    retention_strategy_class: `${strategies}.retention.strategies.DeletionRetentionStrategy`,
    retention_strategy: {
      type: `${strategies}.retention.strategies.DeletionRetentionStrategyConfig`,
      max_number_of_indices: ACCESS_DAYS,
    },
    index_analyzer: 'standard',
    index_optimization_max_num_segments: 1,
    index_optimization_disabled: false,
    field_type_refresh_interval: 5000,
    writable: true,
  });
  console.log(`made index set ${ACCESS_INDEX_PREFIX}`);
  return id;
}

async function keepAccessApart({ id }) {
  const indexSetId = await accessIndexSet();
  const { title, description, matching_type, index_set_id: present } = await call('GET', `/streams/${id}`);
  if (present === indexSetId) return;
  const changes = { index_set_id: indexSetId, remove_matches_from_default_stream: true };
  await call('PUT', `/streams/${id}`, { title, description, matching_type, ...changes });
  console.log(`${title} goes to ${ACCESS_INDEX_PREFIX}`);
}

async function resume({ id, title }) {
  if (!(await call('GET', `/streams/${id}`)).disabled) return;
  await call('POST', `/streams/${id}/resume`);
  console.log(`resumed ${title}`);
}

try {
  await isAlive();
  const { entities } = await installed();
  const ofType = (name) => entities.filter(({ type }) => type.name === name);
  // Before the first line comes in: no address is to be in another index set.
  await keepAccessApart(ofType('stream').find(({ title }) => title === ACCESS_STREAM));
  for (const stream of ofType('stream')) await resume(stream);
  for (const input of ofType('input')) await startInput(input);
  console.log(`content pack revision ${pack.rev} is installed, and all of it runs`);
} catch (error) {
  console.error(`graylog-init: ${error.message}`);
  process.exitCode = 1;
}
