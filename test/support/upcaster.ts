/** Loaded before a program (`--import`): a release that can read votes of a version 0, which never was. */
import { type Upcaster, UPCASTERS, encodeVoteCast, minuteOf } from '#domain';

/** `<32 hexadecimal digits> <participant> <ms since the epoch>` */
const fromVersion0: Upcaster = (data) => {
  const [voteId = '', participant, castAt] = Buffer.from(data).toString().split(' ');
  const humanCheck = { provider: 'altcha', price: 'base', evidence: voteId } as const;
  const at = minuteOf(Number(castAt));
  return encodeVoteCast({
    voteId,
    participantId: Number(participant),
    castAt: at,
    expiresAt: at + 300_000,
    humanCheck,
  });
};

UPCASTERS.set('VoteCast@0', fromVersion0);
