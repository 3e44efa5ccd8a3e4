import { Module } from '@nestjs/common';

import { CurveMetrics, curveMetrics } from './curve-metrics.ts';
import { ProjectorMetrics, projectorMetrics } from './projector-metrics.ts';
import { Projector } from './projector.ts';
import { Cosigner, cosignerMetrics } from './sealer/cosigner.ts';
import { SealWitnesses } from './sealer/seal-witnesses.ts';
import { Sealer, sealerMetrics } from './sealer/sealer.ts';

/** Folds the event log into the read model. */
@Module({
  providers: [
    Projector,
    ProjectorMetrics,
    ...projectorMetrics,
    CurveMetrics,
    ...curveMetrics,
    Sealer,
    ...sealerMetrics,
    SealWitnesses,
    Cosigner,
    ...cosignerMetrics,
  ],
})
export class ProjectorModule {}
