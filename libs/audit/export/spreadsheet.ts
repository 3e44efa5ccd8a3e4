import {
  type BallotOutcome,
  type Poll,
  type PriceClass,
  type RecordedEvent,
  Tally,
  type VoteCast,
  VoteCodec,
  ballotBoxStream,
  decisionIn,
  evolve,
  foldNext,
  isoTime,
  pollStream,
} from '#domain';
import type { EventLog } from '#event-log';

import { isoOf } from '../order-check.ts';
import { instant } from '../render/formats.ts';
import { printable } from '../render/printable.ts';
import { type Until, isBehind } from '../source.ts';
import { type ExportOptions, exportedPages } from './write-export.ts';

/** Without it a spreadsheet reads UTF-8 as something else. */
const BYTE_ORDER_MARK = '\ufeff';
const HEADER = [
  'Revisão',
  'Posição',
  'Registrado em (horário de Brasília)',
  'Situação',
  'Participante',
  'Nome',
  'Votado em (horário de Brasília)',
  'Desafio até (horário de Brasília)',
  'Preço',
  'Id do voto',
  'Id do evento',
  'Tipo',
  'Versão',
];

const OUTCOMES: Readonly<Record<BallotOutcome, string>> = {
  counted: 'contado',
  duplicate: 'duplicado',
  late: 'atrasado',
  expired: 'expirado',
  quarantined: 'em quarentena',
  opening: 'abertura da urna (zerésima)',
  closing: 'fechamento da urna',
};

const PRICES: Readonly<Record<PriceClass, string>> = { base: 'base', raised: 'elevado', suspicious: 'mais alto' };

/**
 * The ballot box of a poll for a spreadsheet in Brazilian Portuguese: semicolons, a byte order mark, decimal commas, times of
 * Brasília, names, ids that stay texts, and what became of each event: those that are `contado` are the result. Each line of a rehearsal
 * begins with `ENSAIO`.
 * @throws EventLogUnavailableError, IncompleteLogError
 */
export async function* exportSpreadsheet(options: ExportOptions & { readonly pollId: string }): AsyncGenerator<string> {
  const { log, pollId, until } = options;
  const poll = await pollOf(log, pollId, until);
  const table = new Table(poll);
  yield BYTE_ORDER_MARK + table.heading();
  const [box, own] = [ballotBoxStream(pollId), pollStream(pollId)];
  const tally = new Tally(pollId);
  for await (const page of exportedPages(options)) {
    const events = page.filter(({ stream }) => stream === box || stream === own);
    let text = '';
    for (const [index, event] of events.entries()) {
      await foldNext(
        tally,
        event,
        () => events.slice(index),
        (stream, from) => log.read(stream, from),
      );
      if (event.stream === box) text += table.line(event, tally.outcome);
    }
    if (text !== '') yield text;
  }
}

/** With the names as they are at the end: a correction does not make two people of one. */
async function pollOf(log: EventLog, pollId: string, until: Until | undefined): Promise<Poll | undefined> {
  let poll: Poll | undefined;
  for await (const page of log.read(pollStream(pollId), 0n)) {
    for (const event of page) {
      const decision = until !== undefined && isBehind(event, until) ? undefined : decisionIn(event);
      if (decision !== undefined) poll = evolve(poll, decision);
    }
  }
  return poll;
}

class Table {
  private readonly codec = new VoteCodec();
  private readonly names: readonly string[];
  private readonly mark: readonly string[];

  constructor(poll: Poll | undefined) {
    this.names = (poll?.participants ?? []).map(({ name }) => name);
    this.mark = poll?.rehearsal === true ? ['ENSAIO'] : [];
  }

  heading(): string {
    return lineOf([...(this.mark.length > 0 ? ['Ensaio'] : []), ...HEADER]);
  }

  line(event: RecordedEvent, outcome: BallotOutcome): string {
    const { revision, position, recordedAt, id, type, version } = event;
    const [about, voteId] = this.voteCells(this.codec.voteIn(event));
    return lineOf([
      ...this.mark,
      ...[wholeNumber(revision), wholeNumber(position), time(isoOf(recordedAt)), OUTCOMES[outcome]],
      ...[...about, voteId, text(id), text(type), String(version)],
    ]);
  }

  private voteCells(vote: VoteCast | undefined): [about: string[], voteId: string] {
    if (vote === undefined) return [['', '', '', '', ''], ''];
    const { voteId, participantId, castAt, expiresAt, humanCheck } = vote;
    const price = 'price' in humanCheck ? PRICES[humanCheck.price] : '';
    const name = text(this.names[participantId - 1] ?? '');
    return [[String(participantId), name, time(isoTime(castAt)), time(isoTime(expiresAt)), price], `'${voteId}`];
  }
}

/** `23/11/2026 19:41:00,500` */
const time = (iso: string): string => text(instant(iso).replace(', ', ' '));

/** A spreadsheet keeps fifteen digits of a number. */
const wholeNumber = (value: bigint): string => (value < 10n ** 15n ? String(value) : `'${String(value)}`);

/** What a spreadsheet takes for a formula, also in the wide letters that some accept, or for a number. */
const NO_TEXT = /^\s*(?:[=+\-@\t＝＋－＠]|[\d.,\s]+(?:e\d+)?\s*$)/i;

/** A foreign text that stays a text: with an apostrophe in front where it would not. */
function text(foreign: string): string {
  const shown = printable(foreign);
  return NO_TEXT.test(shown) ? `'${shown}` : shown;
}

const lineOf = (cells: readonly string[]): string => `${cells.map(quoted).join(';')}\r\n`;
const quoted = (cell: string): string => (/[";]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
