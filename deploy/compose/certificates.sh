#!/bin/bash
# Certificates of the three EventStoreDB nodes from an authority of our own, made once. The authority's key stays in a
# volume that no other service mounts; the services get the authority's certificate only.
set -euo pipefail
[[ -f /authority/ca.crt ]] || es-gencert-cli create-ca -out /authority
for node in eventstoredb eventstoredb-2 eventstoredb-3; do
  [[ -f /nodes/$node/node.key ]] && continue
  es-gencert-cli create-node -ca-certificate /authority/ca.crt -ca-key /authority/ca.key -out "/nodes/$node" \
    -dns-names "$node,localhost" -ip-addresses 127.0.0.1
  # The nodes run as another user.
  chmod 0444 "/nodes/$node/node.key"
done
mkdir -p /nodes/ca
cp /authority/ca.crt /nodes/ca/ca.crt
cp /authority/ca.crt /app/eventstore-ca.crt
