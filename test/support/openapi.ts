import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

import type { Json } from './client.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Composes the standalone program as it is, in another process, and prints each route that Fastify is given. */
const LIST_ROUTES = `
  const from = (path) => import(new URL(path, 'file://' + process.cwd() + '/dist/'));
  const platform = await from('libs/platform/index.js');
  const { StandaloneModule } = await from('apps/standalone/standalone.module.js');
  const environment = platform.readEnvironment({ dataDir: process.argv[1], logLevel: 'silent' });
  const stores = await platform.StoresModule.open(environment, { eventLog: 'write', readModel: true });
  const core = platform.PlatformModule.for({ name: 'routes', environment });
  const routes = [];
  const app = await platform.createApp(StandaloneModule.on(core, stores), environment, 'routes', async (starting) => {
    starting.getHttpAdapter().getInstance().addHook('onRoute', ({ method, url }) => routes.push([method].flat().map((one) => one + ' ' + url)));
  });
  await app.init();
  console.log(JSON.stringify(routes.flat()));
  process.exit(0);
`;

/** Every route of the standalone program as `GET /paredoes/{id}`; HEAD comes with each GET and is left out. */
export function registeredRoutes(dataDir: string): string[] {
  // without users: their first passwords would be hashed, and announced in the output
  writeFileSync(join(dataDir, 'users.json'), '[]');
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', LIST_ROUTES, dataDir]);
  const routes = JSON.parse(output.toString()) as string[];
  return routes
    .filter((route) => !route.startsWith('HEAD '))
    .map((route) => route.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}'));
}

/** An OpenAPI document, and what it declares about answers. */
export class ApiDocument {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: Json) {
    addFormats.default(this.ajv);
    this.ajv.addSchema(closed(document) as object, 'api');
  }

  /** `GET /paredao` and so on. */
  operations(): string[] {
    return Object.entries(this.document.paths as Record<string, Json>).flatMap(([path, item]) =>
      METHODS.filter((method) => method in item).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  operation(name: string): Json {
    const [method = '', path = ''] = name.split(' ');
    return this.document.paths[path]?.[method.toLowerCase()];
  }

  /** Statuses that an operation declares. */
  statuses(name: string): number[] {
    return Object.keys(this.operation(name).responses as object).map(Number);
  }

  /** Media types that an operation declares for a status. */
  mediaTypes(name: string, status: number): string[] {
    return Object.keys((this.operation(name).responses[status]?.content ?? {}) as object);
  }

  /** What is wrong with a body, by the schema that is declared for it; undefined when nothing is. */
  complaint(name: string, status: number, mediaType: string, body: unknown): string | undefined {
    const [method = '', path = ''] = name.split(' ');
    const keys = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', mediaType, 'schema'];
    const pointer = keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    let validate = this.validators.get(pointer);
    if (validate === undefined) {
      validate = this.ajv.compile({ $ref: `api#/${pointer}` });
      this.validators.set(pointer, validate);
    }
    return validate(body) ? undefined : this.ajv.errorsText(validate.errors);
  }
}

/** The document with every described object closed: what it does not declare must not come. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  const isDescribed = copy['type'] === 'object' && 'properties' in copy && !('additionalProperties' in copy);
  return isDescribed ? { ...copy, additionalProperties: false } : copy;
}
