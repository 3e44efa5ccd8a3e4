import Type, { type Static } from 'typebox';

import {
  OPENED_STATES,
  Participant,
  ParticipantTotal,
  PublicPollQuery,
  REHEARSAL_PROPERTIES,
  STANDING_PROPERTIES,
  divulgacao,
  finalidade,
} from './polls.ts';
import { count, flag, listOf, moment, named, oneOf, orNull, queryOf, text } from './schema.ts';

const pollId = text('Id of the poll', '7');

/** `/urna/{paredao}/…` */
export const UrnaPath = Type.Object({ paredao: pollId });

/** `/urna/{paredao}/{urna}/…` */
export const UrnaLogPath = Type.Object({
  paredao: pollId,
  urna: text('The ballot box, `1`, or the log of what was decided about the poll, `atos`', '1'),
});

/** `/urna/{paredao}/{urna}/tile/…` */
export const TilePath = Type.Object({
  ...UrnaLogPath.properties,
  path: text(
    'C2SP tlog-tiles: `<level>/<index>` or `entries/<index>`, and `.p/<width>` of one that is not full',
    '0/x001/234',
  ),
});

/** `/urna/{paredao}/{urna}/votos/v2/{folhas}/{bits}/{prefixo}` */
export const UrnaVotesPath = Type.Object({
  ...UrnaLogPath.properties,
  folhas: text('Leaves of the ballot box, as its last checkpoint says', '10001'),
  bits: text(
    'How many bits of the SHA-256 of a vote’s id say which file it is in: log2(leaves / 1,200), rounded down',
    '3',
  ),
  prefixo: text('Those bits as a number', '5'),
});

/** Of all of them. */
export const UrnaQuery = queryOf({ chave: PublicPollQuery.properties.chave });

const root = (description: string) =>
  text(`${description}: SHA-256, base64`, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
const note = (description: string) => text(`${description} (C2SP signed-note)`);
const verifierKey = (description: string) => text(`${description}: verifier key (C2SP signed-note)`);

const PollKeys = named(
  'PollKeys',
  {
    servico: verifierKey('The key of the deployment, one of those at `/urna/vkey`: signs the note'),
    nota: note('The three keys below'),
    urna: verifierKey('Signs the checkpoints of the ballot box'),
    atos: verifierKey('Signs those of the acts'),
    recibos: verifierKey('Signs the receipts of voters'),
  },
  'The keys that the first entry of the ballot box names',
);

const Head = named(
  'LogHead',
  { folhas: count('Leaves of the tree', { examples: [3] }), raiz: root('Its root') },
  'How long a log is, and the root of its Merkle tree (RFC 6962)',
);

const SignedLog = named(
  'SignedLog',
  {
    origem: text('Name of the log, and of its key', 'voto.example/urna/7/1'),
    ...Head.properties,
    checkpoint: note('The last checkpoint that was published, with the cosignatures of witnesses'),
  },
  'A log, and what was signed of it',
);

/** `GET /urna/{paredao}/zeresima.json` */
export const Zeresima = named(
  'Zeresima',
  {
    paredao: pollId,
    ...REHEARSAL_PROPERTIES,
    titulo: text('Title at the opening', 'Quem fica na casa?'),
    finalidade: orNull(finalidade),
    regulamento: orNull(text('Rules; lines end in a line feed')),
    divulgacao: orNull(divulgacao),
    aberto_em: moment('When the poll was opened'),
    participantes: listOf(Participant, 'At the opening, in the order of their numbers'),
    dificuldade: count('Base price of the human check: most hashes that a challenge takes', { examples: [250_000] }),
    evidencia: text('SHA-256 of the key that marks the votes, hexadecimal: the key is disclosed at the end'),
    atos: Head,
    origem: SignedLog.properties.origem,
    chaves: PollKeys,
    folha: text('The first entry of the ballot box as it stands in the log: JSON, to the byte'),
    raiz: root('Root of the box while it has this entry only: its hash as a leaf'),
    checkpoint: orNull(note('The signed checkpoint of the empty box, of one leaf; null until it is signed')),
    endereco: text('Where this is', 'https://voto.example/urna/7/zeresima'),
  },
  'What a ballot box said before the first vote',
);
export type Zeresima = Static<typeof Zeresima>;

const Cosignature = named(
  'Cosignature',
  {
    nome: text('Of the witness', 'auditor.example/urna'),
    assinado_em: moment('When it saw the checkpoint, by its clock'),
  },
  'A witness that signed the checkpoint of the ballot box as well',
);

const Witnessing = named(
  'Witnessing',
  {
    exigidas: count('Cosignatures that a final boletim needs'),
    assinaturas: listOf(Cosignature, 'By witnesses that are configured here'),
    suficientes: flag('Whether there are as many'),
  },
  'Who else saw the ballot box',
);

const BoxOutcomes = named(
  'BoxOutcomes',
  {
    contados: count('Votes that count'),
    duplicados: count('Stored twice'),
    atrasados: count('After the cut'),
    expirados: count('Too old: polls of earlier versions'),
    quarentena: count('Could not be read'),
  },
  'What became of the votes in the box',
);

/** `GET /urna/{paredao}/boletim.json` */
export const Boletim = named(
  'Boletim',
  {
    paredao: pollId,
    ...REHEARSAL_PROPERTIES,
    titulo: text('Title', 'Quem fica na casa?'),
    finalidade: orNull(finalidade),
    estado: oneOf(OPENED_STATES, 'State of the poll'),
    aberto_em: moment('When the poll was opened'),
    encerrado_em: moment('When it was closed'),
    ...STANDING_PROPERTIES,
    participantes: listOf(ParticipantTotal, 'In the order of their numbers'),
    total: count('Counted votes'),
    na_urna: BoxOutcomes,
    completo: flag('Whether every event of the box could be read'),
    corte: count('Index of the entry that closes the box: votes after it do not count'),
    digest: text('SHA-256 of the tally, as `/total` says it, hexadecimal'),
    compromisso: orNull(text('What an auditor signed; null: nobody did')),
    zeresima: root('Root of the box while it was empty: that of the zerésima'),
    urna: SignedLog,
    atos: SignedLog,
    chaves: PollKeys,
    testemunhas: Witnessing,
    definitivo: flag('Whether the result is out, or the poll annulled, and enough witnesses signed'),
    endereco: text('Where this is', 'https://voto.example/urna/7/boletim'),
  },
  'What a ballot box says at its end',
);
export type Boletim = Static<typeof Boletim>;
