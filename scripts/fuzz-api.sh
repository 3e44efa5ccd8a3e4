#!/usr/bin/env bash
# Fuzzes the HTTP APIs by their own description: starts the standalone program (it serves all of them, the audit's too) on a fresh data directory,
# and lets schemathesis call every operation as nobody and as each role, all at once. Fails on 5xx, on answers outside their schema, on statuses
# or media types that are not described, and when fewer than LEAST requests were made. Every request comes from an address of its own, so that the
# limits stay on and are not met. EXAMPLES: requests for each operation and role, in addition to those that its schema suggests. SEED repeats a
# run. `--install` only installs.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly EXAMPLES="${EXAMPLES:-40}" LEAST="${LEAST:-10000}" SEED="${SEED:-20261124}"
readonly TIME_LIMIT="${TIME_LIMIT:-20m}"
readonly REQUIREMENTS=test/fuzz-requirements.txt
readonly VENV="${XDG_CACHE_HOME:-$PWD/node_modules/.cache}/paredao/schemathesis"
readonly CHECKS=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance

# What the folder holds, written when it is whole.
STAMP=$(cksum <"$REQUIREMENTS")
readonly STAMP
if [[ $(cat "$VENV/stamp" 2>/dev/null) != "$STAMP" ]]; then
  python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$REQUIREMENTS"
  echo "$STAMP" >"$VENV/stamp"
fi
if [[ ${1:-} == --install ]]; then exit; fi

DATA_DIR=$(mktemp -d)
export DATA_DIR PORT="${PORT:-31999}" METRICS_PORT="${METRICS_PORT:-31998}" HUMAN_CHECK_DIFFICULTY=100 TRUSTED_PROXIES=127.0.0.1/32
LOG_FILE="$DATA_DIR/log" node scripts/run.mjs dist/apps/standalone/main.js >"$DATA_DIR/out" &
readonly SERVER=$!
trap 'kill "$SERVER" 2>/dev/null; wait "$SERVER" || true; rm -rf "$DATA_DIR"' EXIT
for ((i = 0; i < 100; i++)); do
  grep -q 'on air' "$DATA_DIR/out" && break
  sleep 0.2
done

export PYTHONPATH="$PWD/test" SCHEMATHESIS_HOOKS=fuzz_addresses PYTHONDONTWRITEBYTECODE=1

# Streams and recounts have no end that is worth waiting for. Each guess at a password costs the server a slow hash, whoever makes it.
fuzz() {
  local role=$1 left_out=$2
  shift 2
  # it leaves notes where it runs
  mkdir "$DATA_DIR/$role" && cd "$DATA_DIR/$role"
  timeout "$TIME_LIMIT" "$VENV/bin/schemathesis" run "http://127.0.0.1:$PORT/swagger-json" \
    --url "http://127.0.0.1:$PORT" --checks "$CHECKS" --phases examples,coverage,fuzzing --mode all \
    --exclude-path-regex "/($left_out)\$" --suppress-health-check all --request-timeout 10 \
    --max-examples "$EXAMPLES" --generation-database none --seed "$SEED" --no-color "$@" >report 2>&1
}

fuzz nobody 'aovivo|conferencia' &
runs=("nobody:$!")
while read -r user password; do
  left_out='aovivo|conferencia|login'
  [[ $user == producao ]] || left_out+='|senha'
  fuzz "$user" "$left_out" --auth "$user:$password" &
  runs+=("$user:$!")
done <"$DATA_DIR/first-credentials.txt"

failed=0
for run in "${runs[@]}"; do
  wait "${run#*:}" || failed=1
  echo "── as ${run%:*} ──"
  cat "$DATA_DIR/${run%:*}/report"
done
requests=$(sed -n 's/^ *\([0-9]*\) generated.*/\1/p' "$DATA_DIR"/*/report | paste -sd+ | bc)
echo "$requests requests"
((failed == 0 && requests >= LEAST))
