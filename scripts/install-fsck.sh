#!/usr/bin/env bash
# Installs, by Go from source, what test/transparency verifies exported ballot boxes with: the fsck of Tessera, in this very version and
# unmodified, unless it is there. Takes a minute or two the first time. Prints where it is.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly TESSERA=v1.0.4
readonly TIME_LIMIT=15m
readonly FOLDER="${XDG_CACHE_HOME:-$PWD/node_modules/.cache}/paredao/tessera-$TESSERA"

if [[ ! -x $FOLDER/fsck ]]; then
  if ! command -v go >/dev/null; then
    echo "Tessera's fsck needs go." >&2
    exit 1
  fi
  limited() {
    if command -v timeout >/dev/null; then timeout "$TIME_LIMIT" "$@"; else "$@"; fi
  }
  mkdir -p "$FOLDER"
  CGO_ENABLED=0 GOWORK=off GOBIN="$FOLDER" \
    limited go install -trimpath -buildvcs=false -ldflags='-s -w' "github.com/transparency-dev/tessera/cmd/fsck@$TESSERA" >&2
fi
echo "$FOLDER/fsck"
