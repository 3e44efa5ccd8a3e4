#!/bin/bash
# Certificates of the three EventStoreDB nodes from an authority of our own, made once. The authority's key stays in a
# volume that no other service mounts; the services get the authority's certificate only.
set -euo pipefail
authority=/authority/ca
# The tool takes no folder that is there, not even what a start that was broken off has left, and then says that all went well.
make_in() {
  local folder=$1 key=$2
  shift 2
  [[ -f $folder/$key ]] && return
  rm -rf "$folder"
  es-gencert-cli "$@" -out "$folder"
  [[ -f $folder/$key ]]
}
make_in "$authority" ca.key create-ca
for node in eventstoredb eventstoredb-2 eventstoredb-3; do
  make_in "/nodes/$node" node.key create-node -ca-certificate "$authority/ca.crt" -ca-key "$authority/ca.key" \
    -dns-names "$node,localhost" -ip-addresses 127.0.0.1
  # The nodes run as another user.
  chmod 0444 "/nodes/$node/node.key"
done
mkdir -p /nodes/ca
# -f: what an earlier start wrote is read-only.
cp -f "$authority/ca.crt" /nodes/ca/ca.crt
cp -f "$authority/ca.crt" /secrets/app/eventstore-ca.crt
