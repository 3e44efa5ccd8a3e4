#!/bin/sh
# Starts EventStoreDB (KurrentDB). With logins, it gives its users the passwords from their files at its very first start; they
# would have well-known ones otherwise. Without logins it has no users, and does not start when it is given passwords for them.
set -eu
# Its older lines have another program, other variables and other paths, and refuse to start with a variable that they do not know.
if [ ! -x /opt/kurrentdb/KurrentDB ]; then
  echo 'EVENTSTORE_IMAGE names no KurrentDB: these files are for its line 26.0 (docs/operations.md, The event store).' >&2
  exit 1
fi
if [ "${KURRENTDB_INSECURE:-false}" != true ]; then
  KURRENTDB_DEFAULT_ADMIN_PASSWORD=$(cat /run/paredao/admin-password)
  KURRENTDB_DEFAULT_OPS_PASSWORD=$(cat /run/paredao/ops-password)
  export KURRENTDB_DEFAULT_ADMIN_PASSWORD KURRENTDB_DEFAULT_OPS_PASSWORD
fi
exec /opt/kurrentdb/KurrentDB "$@"
