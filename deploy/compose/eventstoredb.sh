#!/bin/sh
# Starts EventStoreDB (KurrentDB) with the passwords from their files: at its very first start it gives them to its users,
# which would have well-known ones otherwise.
set -eu
KURRENTDB_DEFAULT_ADMIN_PASSWORD=$(cat /run/paredao/admin-password)
KURRENTDB_DEFAULT_OPS_PASSWORD=$(cat /run/paredao/ops-password)
export KURRENTDB_DEFAULT_ADMIN_PASSWORD KURRENTDB_DEFAULT_OPS_PASSWORD
exec /opt/kurrentdb/KurrentDB "$@"
