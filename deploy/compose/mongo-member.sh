#!/bin/bash
# A member of the replica set. mongod takes a key only from a file of its own user that nobody else can read.
set -euo pipefail
install -m 0400 /run/paredao/keyfile /tmp/keyfile
exec bash /run/mongo.sh mongod --replSet paredao --keyFile /tmp/keyfile --bind_ip_all "$@"
