import { DomainError } from '#domain';

/**
 * The number of a participant in a path. Anything but a plain number names no participant.
 * @throws DomainError `participant-not-found`
 */
export function participantNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) {
    throw new DomainError('participant-not-found', `there is no participant "${text}"`);
  }
  return Number(text);
}
