import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

import { importBoundaries } from './scripts/lint/import-boundaries.mjs';

const SPECS = ['**/*.spec.ts', 'test/**/*.ts', '{apps,libs}/*/testing/**/*.ts'];

/** Sizes that fit a screen and a head. Blank lines and comments are free. */
const sizes = {
  'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  // Each `?.`, `??` and default counts as a branch: ten real ones.
  complexity: ['error', 12],
  'max-depth': ['error', 4],
};

const style = {
  eqeqeq: 'error',
  'no-console': 'error',
  'object-shorthand': 'error',
  'prefer-template': 'error',
};

/** Where the strict presets and this code base disagree. */
const typed = {
  // Nest modules, controllers and entities are classes that only carry decorators.
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  // Numbers and bigints print well.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // `return stop()` is a short way out, and `() => stop()` a short callback.
  '@typescript-eslint/no-confusing-void-expression': 'off',
  // It takes `Promise.withResolvers<void>()` for a mistake.
  '@typescript-eslint/no-invalid-void-type': 'off',
  // Settings and views are plain data whose classes exist for their decorators: a spread loses nothing.
  '@typescript-eslint/no-misused-spread': 'off',
  // A tally's buckets are a plain record by time, and old ones go.
  '@typescript-eslint/no-dynamic-delete': 'off',
  // `() => {}` is the usual thing to do nothing with.
  '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
  // The compiler wants brackets for index signatures (noPropertyAccessFromIndexSignature).
  '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
  // noUncheckedIndexedAccess doubts every index, the one within bounds too; `!` says so, and `as` would hide more.
  '@typescript-eslint/no-non-null-assertion': 'off',
  // Nest takes plain objects where its types, and the classes that describe answers to OpenAPI, are classes.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // `read<T>(): Promise<T>` names what the caller knows of the other side.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  // Ports are async where one of their adapters is not.
  '@typescript-eslint/require-await': 'off',
  // `_` in front says that a parameter is there for the signature's sake. The compiler looks for the others as well.
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

/** Specs read what strangers answer: `await response.json()` is any. */
const relaxedForSpecs = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-argument': 'off',
};

const numbered =
  'Not every Node that is accepted numbers the parameters of SQLite (24.7 is the first): write ? or :name.';
const numberedParameters = ['Literal[value=/[=(,> ]\\?\\d/]', 'TemplateElement[value.raw=/[=(,> ]\\?\\d/]'].map(
  (selector) => ({ selector, message: numbered }),
);
/** One rule holds all that is refused by its syntax: a later one would replace it. */
const noSyntax = (...refused) => ({ 'no-restricted-syntax': ['error', ...numberedParameters, ...refused] });
const isoFormatting = {
  selector: 'CallExpression[callee.property.name="toISOString"]',
  message: 'Times are written by isoTime of #domain.',
};

const commands =
  'A poll is changed by a command: send it through the CommandBus (docs/architecture.md, Commands and reads).';
const events = 'What must last is in the event log, and reads are plain calls: of @nestjs/cqrs only commands are used.';
const OF_CQRS = ['EventBus', 'EventPublisher', 'EventsHandler', 'QueryBus', 'QueryHandler', 'Saga'];

const environment = 'Only libs/platform reads the environment.';
const noEnvironment = {
  'no-restricted-properties': ['error', { object: 'process', property: 'env', message: environment }],
};
const imports = (...groups) => ({
  'no-restricted-imports': [
    'error',
    {
      paths: [
        ...['process', 'node:process'].map((name) => ({ name, importNames: ['env'], message: environment })),
        { name: '@nestjs/cqrs', importNames: OF_CQRS, message: events },
      ],
      patterns: groups,
    },
  ],
});
const onlyHandlersChangePolls = { group: ['**/poll.repository.ts'], message: commands };
/** Where commands are carried out. */
const HANDLERS = ['apps/command-api/polls/poll.handlers.ts', 'apps/command-api/command-api.module.ts'];

const impure = 'The domain is pure: what it needs of the world comes in its arguments.';
const noPresent = { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: impure };
const pure = {
  'no-restricted-globals': [
    'error',
    ...['process', 'console', 'fetch', 'crypto', 'performance', 'setTimeout', 'setInterval', 'setImmediate'].map(
      (name) => ({ name, message: impure }),
    ),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: impure },
    { object: 'Math', property: 'random', message: impure },
  ],
  ...noSyntax(isoFormatting, noPresent),
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'data/']),
  // Comments cannot switch a rule off: a rule that is wrong here is set right here, with its reason.
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  { rules: { ...sizes, ...style } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['web/vite.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { project: { rules: { 'import-boundaries': importBoundaries } } },
    rules: { ...typed, ...noSyntax(), 'project/import-boundaries': 'error' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        AbortSignal: false,
        URL: false,
        btoa: false,
        clearInterval: false,
        console: false,
        fetch: false,
        performance: false,
        process: false,
        setInterval: false,
      },
    },
    rules: { 'no-console': 'off' },
  },
  // Programs for a terminal speak to it.
  { files: ['bench/**/*.ts', 'apps/cli/**/*.ts', ...SPECS], rules: { 'no-console': 'off' } },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['libs/platform/**', ...SPECS],
    rules: { ...noEnvironment, ...imports(onlyHandlersChangePolls) },
  },
  { files: ['apps/**/*.ts', 'libs/**/*.ts'], ignores: SPECS, rules: noSyntax(isoFormatting) },
  { files: HANDLERS, rules: imports() },
  { files: ['libs/domain/**/*.ts'], ignores: SPECS, rules: pure },
  { files: ['libs/domain/wire/canonical.ts'], rules: noSyntax(noPresent) },
  { files: SPECS, rules: relaxedForSpecs },
);
