#!/usr/bin/env bash
# Fuzzes the HTTP APIs by their own description: starts the standalone program (it serves both APIs) on a fresh data directory, and lets
# schemathesis call every operation as nobody and as each role. Fails on 5xx, on answers outside their schema, and on statuses or media types that are not
# described. Some 2,000 requests in one or two minutes; EXAMPLES=160 makes more than 10,000. SEED repeats a run. `--install` only installs.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly SCHEMATHESIS=4.32.5
readonly EXAMPLES="${EXAMPLES:-5}" SEED="${SEED:-20261124}"
readonly TIME_LIMIT="${TIME_LIMIT:-10m}"
readonly VENV="${XDG_CACHE_HOME:-$PWD/node_modules/.cache}/paredao/schemathesis-$SCHEMATHESIS"
readonly CHECKS=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance

if [[ ! -e $VENV/whole ]]; then
  python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement test/fuzz-requirements.txt
  touch "$VENV/whole"
fi
if [[ ${1:-} == --install ]]; then exit; fi

DATA_DIR=$(mktemp -d)
export DATA_DIR PORT="${PORT:-31999}" METRICS_PORT="${METRICS_PORT:-31998}" HUMAN_CHECK_DIFFICULTY=100 RATE_LIMIT=1000000
LOG_FILE="$DATA_DIR/log" node scripts/run.mjs dist/apps/standalone/main.js >"$DATA_DIR/out" &
readonly SERVER=$!
trap 'kill "$SERVER" 2>/dev/null; wait "$SERVER" || true; rm -rf "$DATA_DIR"' EXIT
for ((i = 0; i < 100; i++)); do
  grep -q 'on air' "$DATA_DIR/out" && break
  sleep 0.2
done

# Streams have no end, and a stranger's password is changed by nobody.
fuzz() (
  # it leaves notes where it runs
  cd "$DATA_DIR"
  timeout "$TIME_LIMIT" "$VENV/bin/schemathesis" run "http://127.0.0.1:$PORT/swagger-json" \
    --url "http://127.0.0.1:$PORT" --checks "$CHECKS" --phases examples,coverage,fuzzing --mode all \
    --exclude-path-regex '/(aovivo|conferencia)$' --suppress-health-check all --request-timeout 10 \
    --max-examples "$EXAMPLES" --seed "$SEED" --no-color "$@"
)

fuzz
while read -r user password; do
  echo "── as $user ──"
  fuzz --auth "$user:$password"
done <"$DATA_DIR/first-credentials.txt"
