import { workerData } from 'node:worker_threads';

import { writeRecord } from './record-file.ts';
import type { RecordOrder } from './record-thread.ts';

/** A thread of its own: to sort a million addresses takes seconds, and voters do not wait for that. */
const { directory, name, counts } = workerData as RecordOrder;

writeRecord(directory, name, counts);
