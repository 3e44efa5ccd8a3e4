/** One script for all pages of a browser that are open: a browser has few connections to an address, and each stream takes one. */
import { askForStream, readStream } from './stream.ts';
import { StreamHub, type HubPort } from './stream-hub.ts';

/** The DOM library types `self` as a window; this is the part of a shared worker's scope used here. */
interface SharedWorkerScope {
  onconnect: ((event: { readonly ports: readonly HubPort[] }) => void) | null;
}

const hub = new StreamHub(readStream, askForStream);
(self as unknown as SharedWorkerScope).onconnect = ({ ports }) => hub.connect(ports[0]!);
