import { join } from 'node:path';

/** What every program of ours is started with: of ours alone, and with its modules compiled once for all specs. */
export const PROGRAM_ENV = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: join(process.cwd(), 'dist', '.compile-cache'),
} as const;
