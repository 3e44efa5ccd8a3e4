const [major, minor] = process.versions.node.split('.').map(Number);

/** Nest is made of ES modules, which jest can `require` from Node 24.9 on. Before, all packages are transformed as well. */
const requiresEsm = major > 24 || minor >= 9;

const toCommonJs = (parser, transform) => [
  '@swc/jest',
  { jsc: { target: 'es2024', parser, transform, keepClassNames: true }, module: { type: 'commonjs' } },
];
const typescript = toCommonJs(
  { syntax: 'typescript', decorators: true },
  { legacyDecorator: true, decoratorMetadata: true },
);

/** TypeScript is transformed to CommonJS, so that specs can `require` what they like. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/{apps,libs,test,web,bench}/**/*.spec.ts'],
  extensionsToTreatAsEsm: [],
  transform: {
    '^.+\\.ts$': typescript,
    ...(!requiresEsm && { '^.+\\.m?js$': toCommonJs({ syntax: 'ecmascript' }) }),
  },
  ...(!requiresEsm && { transformIgnorePatterns: [] }),
  testSequencer: '<rootDir>/scripts/lib/longest-first.mjs',
  // on a machine that does other things as well; what hangs is seen all the same
  testTimeout: 180_000,
};
