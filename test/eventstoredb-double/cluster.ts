import { type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import { randomUUID } from 'node:crypto';

import type { Faults } from './faults.ts';

const STREAMS = 'event_store.client.streams.streams';

/** Answers which methods the server has: the client appends in batches if there is `batchappend`. */
export async function supportedMethods(
  _call: ServerUnaryCall<Empty, SupportedMethods>,
  reply: sendUnaryData<SupportedMethods>,
  faults: Faults,
): Promise<void> {
  if (!(await faults.passage(faults.life))) return;
  const methods = ['append', 'batchappend', 'read'].map((name) =>
    new features.SupportedMethod().setServiceName(STREAMS).setMethodName(name),
  );
  reply(null, new features.SupportedMethods().setEventStoreServerVersion('23.10.6').setMethodsList(methods));
}

/** Answers which nodes the cluster has: this one, its leader. */
export async function clusterInfo(
  _call: ServerUnaryCall<Empty, ClusterInfo>,
  reply: sendUnaryData<ClusterInfo>,
  faults: Faults,
  port: number,
): Promise<void> {
  if (!(await faults.passage(faults.life))) return;
  if (faults.notReady) {
    reply({ code: status.UNAVAILABLE, details: 'Server Is Not Ready' });
    return;
  }
  const member = new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString(randomUUID()))
    .setTimeStamp(String(Date.now()))
    .setState(gossip.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port));
  reply(null, new gossip.ClusterInfo().setMembersList([member]));
}
