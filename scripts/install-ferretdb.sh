#!/usr/bin/env bash
# Builds the server of the MongoDB protocol that the read model's specs talk to (test/ferretdb/server), unless it is
# there in this very version. Needs Go and, the first time, its module proxy; takes two to three minutes then.
# Prints the path of the binary. test/ferretdb/ferretdb-server.ts looks for it in the same place.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly VERSION=v1.24.2
readonly TIME_LIMIT=15m
readonly SOURCE=test/ferretdb/server/main.go
readonly FOLDER="${XDG_CACHE_HOME:-$PWD/node_modules/.cache}/paredao"
readonly BINARY="$FOLDER/ferretdb"
# What the binary was built from: it prints this when it is asked for its version.
STAMP="$VERSION-$(cksum <"$SOURCE" | tr ' ' '-')"
readonly STAMP

if [[ -x $BINARY && $("$BINARY" -version 2>/dev/null) == "$STAMP" ]]; then
  echo "$BINARY"
  exit
fi
if ! command -v go >/dev/null; then
  echo 'FerretDB is not installed, and there is no Go to build it with.' >&2
  exit 1
fi

limited() {
  if command -v timeout >/dev/null; then timeout "$TIME_LIMIT" "$@"; else "$@"; fi
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$SOURCE" "$scratch/"
mkdir -p "$FOLDER"
(
  cd "$scratch"
  # SQLite comes as Go code: no C compiler is needed.
  export CGO_ENABLED=0 GOWORK=off GOBIN="$scratch/bin"
  go mod init paredao/ferretdb
  limited go get "github.com/FerretDB/FerretDB/ferretdb@$VERSION"
  limited go install -trimpath -buildvcs=false -tags=ferretdb_no_postgresql -ldflags="-s -w -X main.stamp=$STAMP" .
) >&2
# Moved in one step: whoever runs this at the same time finds a whole file.
mv "$scratch/bin/ferretdb" "$FOLDER/ferretdb.$$"
mv "$FOLDER/ferretdb.$$" "$BINARY"
echo "$BINARY"
