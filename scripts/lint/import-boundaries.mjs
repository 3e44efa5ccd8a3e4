import { posix, relative, sep } from 'node:path';

const REFUSALS = {
  outsideDomain: 'The domain imports nothing outside itself.',
  storeClient:
    'Only adapters import store clients: those of the log, the read model and the witness, and the audit in SQL.',
  appFromLib: 'A library must not import an application.',
  otherLib: 'This library does not stand on that one: see LIBRARIES in scripts/lint/import-boundaries.mjs.',
  otherApp: 'An application must not import another; only apps/standalone composes the others.',
  foreignInside: 'Another library is imported by its #name, not by a path into it.',
};

/** Which others a library may import: the same as in the folder map of docs/architecture.md. */
const LIBRARIES = {
  async: [],
  collections: [],
  files: [],
  domain: [],
  contract: ['domain'],
  palette: [],
  qr: [],
  lettering: [],
  pictures: [],
  wording: ['contract'],
  transparency: [],
  witness: ['async', 'files', 'transparency'],
  'event-log': ['async', 'domain', 'files'],
  'read-model': ['async', 'domain', 'transparency'],
  seal: ['async', 'domain', 'event-log', 'read-model', 'transparency'],
  receipts: ['domain', 'seal', 'transparency'],
  'human-check': ['collections', 'contract', 'domain'],
  projection: ['async', 'domain', 'event-log', 'read-model'],
  audit: [
    ...['async', 'contract', 'domain', 'event-log', 'human-check', 'palette', 'read-model', 'receipts', 'seal'],
    ...['transparency', 'wording'],
  ],
  auth: ['collections', 'contract', 'domain', 'files', 'platform'],
  platform: [
    ...[
      'async',
      'collections',
      'contract',
      'domain',
      'event-log',
      'files',
      'read-model',
      'human-check',
      'transparency',
    ],
    'witness',
  ],
};

const ADAPTER = /^libs\/(event-log|read-model|audit|witness)\/(.+\/)?(sqlite|eventstoredb|mongo)\//;
const STORE_CLIENT = /^(node:sqlite|@eventstore\/db-client|@kurrent\/kurrentdb-client|mongoose|mongodb)(\/|$)/;
const TEST_CODE = /\.spec\.ts$|\/testing\//;
const DOMAIN_TEST_TOOL = /^(@jest\/globals$|node:)/;
const ALIAS = /^#([a-z-]+)(?:\/[a-z-]+)?$/;

const isInside = (path, folder) => path === folder || path?.startsWith(`${folder}/`) === true;

/** The project file or folder that a specifier names; undefined for a package. */
function targetOf(file, specifier) {
  const alias = ALIAS.exec(specifier);
  if (alias) return `libs/${alias[1]}`;
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;
}

function domainRefusal(file, specifier, target) {
  if (isInside(target, 'libs/domain')) return undefined;
  return TEST_CODE.test(file) && DOMAIN_TEST_TOOL.test(specifier) ? undefined : 'outsideDomain';
}

function packageRefusal(file, specifier) {
  return STORE_CLIENT.test(specifier) && !ADAPTER.test(file) && !TEST_CODE.test(file) ? 'storeClient' : undefined;
}

function libraryRefusal(file, specifier, target) {
  if (isInside(target, 'apps')) return 'appFromLib';
  const [library, other] = [file, target].map((path) => path.split('/')[1]);
  const isAllowed = TEST_CODE.test(file) || !isInside(target, 'libs') || LIBRARIES[library]?.includes(other);
  if (!isAllowed) return 'otherLib';
  return pathRefusal(file, specifier, target);
}

function applicationRefusal(file, specifier, target) {
  if (!isInside(target, 'apps')) return pathRefusal(file, specifier, target);
  return isInside(file, 'apps/standalone') || TEST_CODE.test(file) ? undefined : 'otherApp';
}

function pathRefusal(file, specifier, target) {
  return isInside(target, 'libs') && !ALIAS.test(specifier) && !TEST_CODE.test(file) ? 'foreignInside' : undefined;
}

/** Why a file must not import a specifier. Files outside of libs/ and apps/ (tests, bench, pages) may import anything. */
function refusal(file, specifier) {
  const target = targetOf(file, specifier);
  if (isInside(file, 'libs/domain')) return domainRefusal(file, specifier, target);
  if (!isInside(file, 'libs') && !isInside(file, 'apps')) return undefined;
  if (target === undefined) return packageRefusal(file, specifier);
  const [kind, name] = file.split('/');
  if (isInside(target, `${kind}/${name}`)) return undefined;
  return (kind === 'libs' ? libraryRefusal : applicationRefusal)(file, specifier, target);
}

/** ESLint rule: whatever imports, types included, keeps to the layout of the project. */
export const importBoundaries = {
  meta: { type: 'problem', messages: REFUSALS, schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    const check = (source) => {
      const messageId = typeof source?.value === 'string' ? refusal(file, source.value) : undefined;
      if (messageId) context.report({ node: source, messageId });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      TSImportType: ({ source }) => check(source),
      TSExternalModuleReference: ({ expression }) => check(expression),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]),
      'CallExpression[callee.property.name="getBuiltinModule"]': (node) => check(node.arguments[0]),
    };
  },
};
