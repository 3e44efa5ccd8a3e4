import { fastify } from 'fastify';

import { VOTE_BODY_SCHEMA } from '../../apps/command-api/votes/votes.schemas.ts';

/** The least that a vote route could be: Fastify parses and checks the body, and answers. */
const app = fastify({ logger: false });
app.post('/votar/:participante', { schema: { body: VOTE_BODY_SCHEMA } }, (_request, reply) => {
  void reply.code(201).send({ ok: true });
});
app.get('/', () => 'OK');
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
