#!/usr/bin/env bash
# Installs what the specs in test/deploy check the deployments with, unless it is there in these very versions: kustomize,
# by Go from source, and Python packages (test/deploy/requirements.txt). Takes one to two minutes the first time.
# Prints the folder of the programs. test/deploy/tools.ts looks for them in the same place.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly KUSTOMIZE=v5.8.1
readonly REQUIREMENTS=test/deploy/requirements.txt
readonly TIME_LIMIT=15m
readonly FOLDER="${XDG_CACHE_HOME:-$PWD/node_modules/.cache}/paredao"
readonly VENV="$FOLDER/venv"
# What the folder holds, written when it is whole.
STAMP="kustomize $KUSTOMIZE, packages $(cksum <"$REQUIREMENTS")"
readonly STAMP

if [[ $(cat "$VENV/stamp" 2>/dev/null) == "$STAMP" ]]; then
  echo "$VENV/bin"
  exit
fi
for program in go python3; do
  if ! command -v "$program" >/dev/null; then
    echo "The tools that check the deployments need $program." >&2
    exit 1
  fi
done

limited() {
  if command -v timeout >/dev/null; then timeout "$TIME_LIMIT" "$@"; else "$@"; fi
}

mkdir -p "$FOLDER"
{
  python3 -m venv --clear "$VENV"
  limited "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$REQUIREMENTS"
  CGO_ENABLED=0 GOWORK=off GOBIN="$VENV/bin" \
    limited go install -trimpath -buildvcs=false -ldflags='-s -w' "sigs.k8s.io/kustomize/kustomize/v5@$KUSTOMIZE"
} >&2
echo "$STAMP" >"$VENV/stamp"
echo "$VENV/bin"
