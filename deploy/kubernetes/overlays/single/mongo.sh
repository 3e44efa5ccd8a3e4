#!/bin/bash
# Starts MongoDB by the image's entry point, which makes the users where the folder is empty, and only there. A first start that
# was broken off leaves a folder without them that is not empty: it is emptied here, for nothing was in it yet.
#
#   mongo.sh mongod …                        as the image's entry point
#   mongo.sh is-ready DATABASE USER FILE     ends well when this user can log in, with the password in the file
set -euo pipefail
readonly BROKEN_OFF=/data/db/first-start REMOVES_IT=/docker-entrypoint-initdb.d/whole.sh LOGGED_IN=/tmp/logged-in

case $1 in
is-ready)
  export DATABASE=$2 LOGIN=$3 PASSWORD_FILE=$4
  # The shell costs a second of a core: it is not started where nobody listens, and once a minute when all is well.
  : <"/dev/tcp/$HOSTNAME/27017"
  if [[ $(find "$LOGGED_IN" -mmin -1 2>/dev/null) ]]; then exit; fi
  # shellcheck disable=SC2016  # for mongosh
  mongosh --quiet --norc "mongodb://$HOSTNAME:27017/$DATABASE?directConnection=true" --eval '
    const { LOGIN, PASSWORD_FILE } = process.env;
    db.auth(LOGIN, require("fs").readFileSync(PASSWORD_FILE, "utf8").trim());
    quit(db.runCommand({ connectionStatus: 1 }).authInfo.authenticatedUsers.length === 1 ? 0 : 1);
  '
  touch "$LOGGED_IN"
  ;;
mongod)
  if [[ -e $BROKEN_OFF ]]; then
    echo 'The first start was broken off: it begins anew.'
    find /data/db -mindepth 1 -delete
  fi
  if [[ -e $REMOVES_IT && -z $(ls -A /data/db) ]]; then touch "$BROKEN_OFF"; fi
  exec docker-entrypoint.sh "$@"
  ;;
esac
