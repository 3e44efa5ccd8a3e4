// Preloaded into a service: its wall clock is off by as many milliseconds as the file CLOCK_FILE says, and follows it when it
// changes. Timers and `performance.now()` stay as they are, as when the operating system sets its clock.
import { readFileSync } from 'node:fs';

const LOOK_INTERVAL_MS = 20;
const RealDate = Date;
let offset = 0;

const look = () => {
  try {
    offset = Number(readFileSync(process.env.CLOCK_FILE, 'utf8'));
  } catch {
    // not written yet, or being written
  }
};

globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...given);
  }

  static now() {
    return RealDate.now() + offset;
  }
};

look();
setInterval(look, LOOK_INTERVAL_MS).unref();
