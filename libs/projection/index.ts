export { follow } from './follow.ts';
export { Projection, type QuarantineNews, type Totals } from './projection.ts';
export { type QuarantinedRecord, listQuarantine, moreQuarantined, readQuarantined } from './quarantine.ts';
export { type Difference, type RebuildProgress, type RebuildResult, rebuild } from './rebuild.ts';
