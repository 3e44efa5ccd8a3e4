#!/bin/sh
# Starts the exporter with the connection string from its file.
set -eu
MONGODB_URI=$(cat "$MONGODB_URL_FILE")
export MONGODB_URI
exec mongodb_exporter --collector.diagnosticdata --collector.replicasetstatus
