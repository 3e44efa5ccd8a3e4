export type { WitnessClient } from './client/witness-client.ts';
export { parseWitnesses } from './client/witness-list.ts';
export { Witnesses } from './client/witnesses.ts';
export { WitnessStore } from './sqlite/witness-store.ts';
export type { Tell } from './tell.ts';
export { Witness } from './witness.ts';
export { witnessServer } from './witness-server.ts';
