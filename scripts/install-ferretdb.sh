#!/usr/bin/env bash
# Builds the server of the MongoDB protocol that the read model's specs talk to (test/ferretdb/server), unless it is
# there in this very version. Needs Go and, the first time, its module proxy; takes two to three minutes then.
# Prints the path of the binary. test/ferretdb/ferretdb-server.ts looks for it in the same place.
#
# `--logins` builds the one that asks for passwords, for the stand-in of the MongoDB image (test/containers): FerretDB 1.x has
# logins that its library keeps to itself, and it knows no roles.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly VERSION=v1.24.2
readonly TIME_LIMIT=15m
readonly SOURCE=test/ferretdb/server/main.go
readonly FOLDER="${XDG_CACHE_HOME:-$PWD/node_modules/.cache}/paredao"
LOGINS=false
[[ ${1:-} == --logins ]] && LOGINS=true
readonly LOGINS
if $LOGINS; then BINARY="$FOLDER/ferretdb-logins"; else BINARY="$FOLDER/ferretdb"; fi
readonly BINARY
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
  if $LOGINS; then
    cp -r "$(go list -m -f '{{.Dir}}' github.com/FerretDB/FerretDB)" source
    chmod -R u+w source
    sed -i 's/TestOpts: registry.TestOpts{/SetupDatabase: "admin", SetupUsername: os.Getenv("SETUP_USERNAME"),\n&\nEnableNewAuth: true,/
      s/SetupDatabase: "admin", /&SetupPassword: password.WrapPassword(os.Getenv("SETUP_PASSWORD")), SetupTimeout: time.Minute, /
      s/^import (/&\n"os"\n"time"\n"github.com\/FerretDB\/FerretDB\/internal\/util\/password"/' source/ferretdb/ferretdb.go
    sed -i '/NonDefault(document, "roles"/,/^\t}$/d' source/internal/handler/msg_createuser.go
    echo "$VERSION" >source/build/version/version.txt
    go mod edit -replace=github.com/FerretDB/FerretDB=./source
    export GOFLAGS=-mod=mod
  fi
  limited go install -trimpath -buildvcs=false -tags=ferretdb_no_postgresql -ldflags="-s -w -X main.stamp=$STAMP" .
) >&2
# Moved in one step: whoever runs this at the same time finds a whole file.
mv "$scratch/bin/ferretdb" "$BINARY.$$"
mv "$BINARY.$$" "$BINARY"
echo "$BINARY"
