import { Module } from '@nestjs/common';
import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';

import { Projector } from './projector.ts';

/** Folds the event log into the read model. */
@Module({
  providers: [
    Projector,
    makeGaugeProvider({ name: 'projection_position', help: 'Position of the log up to which the tallies are folded' }),
    makeGaugeProvider({ name: 'projection_lag_seconds', help: 'Age of what is not folded yet; 0 when caught up' }),
    makeGaugeProvider({
      name: 'tally_events',
      help: 'Votes in the ballot boxes by what the fold made of them',
      labelNames: ['outcome'],
    }),
  ],
})
export class ProjectorModule {}
