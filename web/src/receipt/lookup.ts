import { sha256 } from '@noble/hashes/sha2.js';

import {
  type ClosingLeaf,
  type ListedVote,
  bitsFor,
  parseVotesFile,
  prefixOf,
  votesPath,
} from '../../../libs/receipts/votes-file.ts';
import { type SparseRoot, sparseRoot } from '../../../libs/transparency/sparse-tree.ts';
import { type TlogProof, formatTlogProof } from '../../../libs/transparency/tlog-proof-text.ts';
import { type SignedBox, signedBox } from './checkpoint.ts';
import { TREE, isSame } from './hashing.ts';
import type { HeldReceipt } from './vote.ts';
import type { Boletim } from '#contract';

/** What a public ballot box says of a vote. */
export type Verdict =
  /** Its leaf is in the box; whether it counts; and a file that proves where it is. */
  | { readonly kind: 'counted' | 'late' | 'repeated'; readonly proof: string }
  /** Its leaf is not in the box that was signed: the receipt proves that. */
  | { readonly kind: 'missing' }
  /** What was served does not lead to what was signed. */
  | { readonly kind: 'contradicted' };

/** The ballot box, as it was published. */
export interface PublishedBox {
  /** Its key, 32 bytes. */
  readonly key: Uint8Array;
  readonly boletim: Pick<Boletim, 'urna' | 'corte'>;
}

/**
 * Looks a vote up among a thousand others.
 * @param load what is at a path below the ballot box
 * @throws what `load` throws
 */
export async function lookUp(
  held: HeldReceipt,
  { key, boletim }: PublishedBox,
  load: (path: string) => Promise<Uint8Array>,
): Promise<Verdict> {
  const { checkpoint } = boletim.urna;
  const box = signedBox(checkpoint, held.receipt.origin, key);
  if (box === undefined) return { kind: 'contradicted' };
  const id = sha256(new TextEncoder().encode(held.vote.id));
  const file = parseVotesFile(await load(votesPath(box.size, prefixOf(id, bitsFor(box.size)))));
  if (file?.closing.index !== boletim.corte || !isClosing(file.closing, held.paredao)) return { kind: 'contradicted' };
  const { closing, votes, beside } = file;
  const hash = TREE.leafHash(held.receipt.leaf);
  const own = votes.find((vote) => isSame(vote.hash, hash));
  const leaves = [...votes, { index: closing.index, hash: TREE.leafHash(closing.leaf) }];
  leaves.sort((one, other) => one.index - other.index);
  const tree = sparseRoot(box.size, leaves, beside, TREE.nodeHash, own?.index);
  if (!leadsTo(tree, box)) return { kind: 'contradicted' };
  if (own === undefined) return { kind: 'missing' };
  const proof: TlogProof = { extra: held.receipt.leaf, index: own.index, hashes: tree.proof, checkpoint };
  return { kind: fate(votes, id, held, closing.index), proof: formatTlogProof(proof) };
}

const leadsTo = (tree: SparseRoot | undefined, { root }: SignedBox): tree is SparseRoot =>
  tree !== undefined && isSame(tree.root, root);

/** Whether a leaf closes the box of a poll. That it is in the box follows from the root; that none before it does, only from the whole box. */
function isClosing({ leaf }: ClosingLeaf, paredao: string): boolean {
  try {
    const { type, data } = JSON.parse(new TextDecoder().decode(leaf)) as {
      type?: unknown;
      data?: { pollId?: unknown };
    };
    return type === 'BallotBoxClosed' && data?.pollId === paredao;
  } catch {
    return false;
  }
}

/** Which leaf counts for a vote: the first one with its id, if it stands before the cut. */
function fate(
  votes: readonly ListedVote[],
  id: Uint8Array,
  held: HeldReceipt,
  cut: number,
): 'counted' | 'late' | 'repeated' {
  const first = votes.find((vote) => isSame(vote.id, id.subarray(0, vote.id.length)))!;
  if (first.index >= cut) return 'late';
  return first.participant === held.vote.participant ? 'counted' : 'repeated';
}
