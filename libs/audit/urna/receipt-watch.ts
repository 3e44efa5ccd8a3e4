import { type RecordedEvent, type VoteCast, VoteCodec } from '#domain';
import { type Receipt } from '#receipts';
import { leafOf } from '#seal';

/** Where something stands in the ballot box. */
interface Standing {
  readonly revision: bigint;
  readonly participantId: number;
}

/** What a receipt says of its vote, and where the box has that. */
export interface Followed {
  readonly vote: Pick<VoteCast, 'participantId'>;
  /** Of the leaf itself; undefined: it is not in the box. */
  readonly own: bigint | undefined;
  /** The first leaf of the same vote, whomever it is for. */
  readonly first: Standing | undefined;
}

/** Looks for the leaves of receipts while a ballot box is read. Without receipts it costs nothing. */
export class ReceiptWatch {
  private readonly codec = new VoteCodec();
  private readonly votes = new Map<Receipt, VoteCast>();
  /** By the ids of their events. */
  private readonly wanted = new Map<string, Receipt[]>();
  private readonly own = new Map<Receipt, bigint>();
  /** By vote: undefined until one is found. */
  private readonly firsts = new Map<string, Standing | undefined>();

  /** @param receipts that are good by themselves */
  constructor(receipts: readonly Receipt[]) {
    for (const receipt of receipts) {
      const event = eventIn(receipt.leaf);
      const vote = event && this.codec.voteIn(event);
      if (vote === undefined) continue;
      this.votes.set(receipt, vote);
      this.firsts.set(keyOf(vote), undefined);
      this.wanted.set(event!.id, [...(this.wanted.get(event!.id) ?? []), receipt]);
    }
  }

  /** Takes the next event of the box. */
  add(event: RecordedEvent): void {
    if (this.votes.size === 0) return;
    for (const receipt of this.wanted.get(event.id) ?? [])
      if (!this.own.has(receipt) && leafOf(event).equals(receipt.leaf)) this.own.set(receipt, event.revision);
    const vote = this.codec.voteIn(event);
    const key = vote && keyOf(vote);
    if (key !== undefined && this.firsts.has(key) && this.firsts.get(key) === undefined)
      this.firsts.set(key, { revision: event.revision, participantId: vote!.participantId });
  }

  /** @returns undefined for a leaf that is no vote */
  follow(receipt: Receipt): Followed | undefined {
    const vote = this.votes.get(receipt);
    return vote && { vote, own: this.own.get(receipt), first: this.firsts.get(keyOf(vote)) };
  }
}

/** What makes two votes one. */
const keyOf = ({ voteId, expiresAt }: VoteCast): string => `${voteId} ${String(expiresAt)}`;

const LEAF = /^\{"type":("[^"\\]+"),"version":(\d+),"id":"([0-9a-f-]{36})","data":(.*)\}$/s;

/** The event of which this is the leaf, at no place; undefined for what no leaf of ours looks like. */
function eventIn(leaf: Uint8Array): RecordedEvent | undefined {
  const [, type, version, id, data] = LEAF.exec(Buffer.from(leaf).toString()) ?? [];
  if (type === undefined || id === undefined || data === undefined) return undefined;
  const nowhere = { stream: '', revision: 0n, position: 0n, recordedAt: 0 };
  return { ...nowhere, type: JSON.parse(type) as string, version: Number(version), id, data: Buffer.from(data) };
}
