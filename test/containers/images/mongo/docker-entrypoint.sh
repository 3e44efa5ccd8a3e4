#!/bin/bash
# The rules of the official image's entry point (docker-library/mongo, docker-entrypoint.sh): the files of initdb.d run once, on a
# server that listens on the loopback interface only, and only where the folder has no database, whole or not.
set -Eeuo pipefail
if [[ $1 != mongod ]]; then exec "$@"; fi
shift
if [[ ${MONGO_INITDB_ROOT_USERNAME:-} && ! -e /data/db/WiredTiger ]]; then
  password=$(cat "$MONGO_INITDB_ROOT_PASSWORD_FILE")
  SETUP_USERNAME=$MONGO_INITDB_ROOT_USERNAME SETUP_PASSWORD=$password mongod &
  server=$!
  # FerretDB knows no fsync, and writes at once.
  shell() { if [[ ${*: -1} != *'fsync: 1'* ]]; then mongosh "$@"; fi; }
  mongo=(shell --quiet --norc --host 127.0.0.1 --username "$MONGO_INITDB_ROOT_USERNAME" --password "$password" --authenticationDatabase admin)
  for ((try = 0; try < 30; try++)); do
    if "${mongo[@]}" admin --eval 'quit(0)' >/dev/null 2>&1; then break; fi
    sleep 1
  done
  # So that a test can break it off here.
  if [[ -e /docker-entrypoint-initdb.d/pause ]]; then touch /tmp/paused; sleep 600; fi
  for file in /docker-entrypoint-initdb.d/*.sh; do
    if [[ -e $file ]]; then
      echo "$0: running $file"
      # shellcheck source=/dev/null
      . "$file"
    fi
  done
  kill "$server"
  wait "$server" || true
  echo 'MongoDB init process complete; ready for start up.'
fi
exec mongod "$@"
