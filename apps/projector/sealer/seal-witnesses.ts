import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

import { Environment } from '#platform';
import { Witnesses, parseWitnesses } from '#witness';

/** The witnesses that the environment names. */
@Injectable()
export class SealWitnesses extends Witnesses {
  constructor({ witnesses = '' }: Environment, logger: PinoLogger) {
    logger.setContext('witnesses');
    super(parseWitnesses(witnesses), (level, message, about) => logger[level](about, message));
  }
}
