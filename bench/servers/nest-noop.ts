import 'reflect-metadata';

import { Body, Controller, Get, HttpCode, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication, RouteSchema } from '@nestjs/platform-fastify';

import { VoteBody } from '#contract';
import { readEnvironment } from '#platform';

import { ParedaoAdapter } from '../../libs/platform/http/paredao-adapter.ts';

/** The vote route of the service with nothing behind it. */
@Controller()
class NoopController {
  @Get()
  root(): string {
    return 'OK';
  }

  @Post('votar/:participante')
  @HttpCode(201)
  @RouteSchema({ body: VoteBody })
  vote(@Param('participante') _participant: string, @Body() _body: object): { ok: true } {
    return { ok: true };
  }
}

@Module({ controllers: [NoopController] })
class NoopModule {}

const environment = readEnvironment();
const adapter = new ParedaoAdapter(environment);
const app = await NestFactory.create<NestFastifyApplication>(NoopModule, adapter, { logger: ['error'] });
await app.listen(environment.port, environment.host);
