import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path/posix';

const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g;
const URL_BESIDE = /\bnew URL\('(?!https?:|\/)(?:\.\/)?([^']+)', import\.meta\.url\)/g;
const COMMENT = /\/\*[^]*?\*\/|^\s*\/\/.*$/gm;
const CODE = /\.(ts|mjs)$/;

/** Whether .dockerignore lets a file through: the last line that speaks of it, or of a folder that it is in, holds. */
function rules(): (path: string) => boolean {
  const lines = readFileSync('.dockerignore', 'utf8').split('\n');
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return (path) => {
    const parts = path.split('/');
    const spoken = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    const last = patterns.findLast((pattern) => spoken.some((one) => matchesGlob(one, pattern.replace(/^!/, ''))));
    return last === undefined || last.startsWith('!');
  };
}

/** Not a part of the project: it is made, or fetched, or history. Whole trees that none of the rules lets through. */
const NOT_OURS = new Set(['.git', 'coverage', 'data', 'dist', 'node_modules']);

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !NOT_OURS.has(name));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** What `docker build` gets to see of this checkout. */
export class BuildContext {
  readonly lets = rules();
  readonly files: readonly string[];

  constructor() {
    this.files = filesBelow('.').filter(this.lets);
  }

  get code(): readonly string[] {
    return this.files.filter((path) => CODE.test(path));
  }

  /** What a file of code asks for: files of this project by their paths, packages by their names. */
  static importsOf(path: string): { readonly files: string[]; readonly packages: string[] } {
    const text = readFileSync(path, 'utf8').replaceAll(COMMENT, '');
    const names = [...text.matchAll(IMPORT)].map(([, name = '']) => name).filter((name) => !name.startsWith('node:'));
    names.push(...[...text.matchAll(URL_BESIDE)].map(([, name = '']) => `./${name}`));
    const files = names.flatMap((name) => BuildContext.fileOf(path, name) ?? []);
    const packages = names.filter((name) => /^[@a-z]/.test(name)).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
    return { files, packages };
  }

  private static fileOf(from: string, name: string): string | undefined {
    if (name.startsWith('#')) return ALIASES[name];
    if (!name.startsWith('.')) return undefined;
    const path = join(dirname(from), name);
    // a page names what is built
    const source = path.replace(/\.js$/, '.ts');
    return existsSync(path) || !existsSync(source) ? path : source;
  }

  /** All files that a program needs when it runs, itself included. */
  static closureOf(program: string): { readonly files: Set<string>; readonly packages: Set<string> } {
    const files = new Set([program]);
    const packages = new Set<string>();
    // a set is walked to its end while it grows
    for (const path of files) {
      if (!CODE.test(path) || !existsSync(path) || statSync(path).isDirectory()) continue;
      const imports = BuildContext.importsOf(path);
      for (const file of imports.files) files.add(file);
      for (const name of imports.packages) packages.add(name);
    }
    return { files, packages };
  }
}

const { imports } = JSON.parse(readFileSync('package.json', 'utf8')) as { imports: Record<string, { source: string }> };
const ALIASES = Object.fromEntries(Object.entries(imports).map(([name, { source }]) => [name, join(source)]));
