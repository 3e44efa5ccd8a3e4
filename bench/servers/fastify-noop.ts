import { fastify } from 'fastify';

import { VoteBody } from '#contract';

const ID = '0'.repeat(32);
/** Any counter solves it. */
const CHALLENGE = {
  parameters: {
    ...{ algorithm: 'SHA-256', cost: 1, data: { dificuldade: 1, paredao: '1' }, expiresAt: 4_000_000_000 },
    ...{ keyLength: 32, keyPrefix: '', nonce: ID, salt: ID },
  },
  signature: ID + ID,
  valido_por_segundos: 300,
  cedula: '1-00000000',
};

/** The least that the voter's routes could be: Fastify parses and checks, and answers something of the right size. */
const app = fastify({ logger: false });
app.get('/desafio', () => CHALLENGE);
app.post<{ Params: { participante: string } }>(
  '/votar/:participante',
  { schema: { body: VoteBody } },
  ({ params: { participante } }, reply) => {
    const voto = { id: ID, paredao: '1', participante: Number(participante), posicao: ID };
    void reply.code(201).send({ voto });
  },
);
app.get('/', () => 'OK');
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
