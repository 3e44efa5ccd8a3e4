#!/bin/sh
# Starts the exporter with the connection string from its file. It asks each member of a replica set by itself, and says which
# one it speaks of: /scrape?target=mongo-2:27017 (prometheus.yml).
set -eu
MONGODB_URI=$(cat "$MONGODB_URL_FILE")
export MONGODB_URI
exec mongodb_exporter --split-cluster --collector.diagnosticdata --collector.replicasetstatus
