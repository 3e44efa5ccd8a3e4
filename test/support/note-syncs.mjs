// Preloaded into a command: the file SYNCS_FILE gets the path of each file and folder that it waits for until it is on the disk, a line each.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { appendFileSync, fsyncSync, readlinkSync } = fs;

// `flush` of other functions comes here too
fs.fsyncSync = (file) => {
  appendFileSync(process.env.SYNCS_FILE, `${readlinkSync(`/proc/self/fd/${file}`)}\n`);
  fsyncSync(file);
};
syncBuiltinESMExports();
