// Preloaded into a command: the file SYNCS_FILE gets the path of each file and folder that it waits for until it is on the disk, a line each.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { appendFileSync, fsync, fsyncSync, readlinkSync } = fs;

const note = (file) => appendFileSync(process.env.SYNCS_FILE, `${readlinkSync(`/proc/self/fd/${file}`)}\n`);
// `flush` of other functions and of streams comes here too
fs.fsyncSync = (file) => {
  note(file);
  fsyncSync(file);
};
fs.fsync = (file, done) => {
  note(file);
  fsync(file, done);
};
syncBuiltinESMExports();
