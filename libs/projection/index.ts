export { beatingVersions } from './beats.ts';
export { follow } from './follow.ts';
export { type QuarantineNews, type Totals } from './projection-news.ts';
export { Projection } from './projection.ts';
export { type SkippedEvents } from './skipped.ts';
export { type QuarantinedRecord, listQuarantine, moreQuarantined, readQuarantined } from './quarantine.ts';
export { type Difference, type RebuildProgress, type RebuildResult, rebuild } from './rebuild.ts';
