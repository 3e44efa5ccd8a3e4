#!/usr/bin/env bash
# Makes the Secrets of an overlay in the cluster that kubectl speaks to, once; no value is ever in a file of the project.
#
#   deploy/kubernetes/secrets.sh single       everything
#   deploy/kubernetes/secrets.sh production   the keys and users; the connection strings are yours to give (README.md)
#
# Shows the first passwords of the users: note them, they are in no Secret.
set -euo pipefail
cd "$(dirname "$0")/../.."

overlay=${1:-}
if [[ $overlay != single && $overlay != production ]]; then
  echo "usage: $0 single|production" >&2
  exit 2
fi

readonly NAMESPACE=paredao
if kubectl --namespace "$NAMESPACE" get secret paredao-keys >/dev/null 2>&1; then
  echo 'The Secrets are there already; nothing was changed.'
  exit
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node scripts/run.mjs deploy/compose/secrets.mjs "$folder" >/dev/null
printf 'esdb://eventstoredb:2113?tls=false' >"$folder/app/eventstore-url"

# secret NAME FILE…: with the files' names for keys
secret() {
  local name=$1 file arguments=()
  shift
  for file in "$@"; do arguments+=("--from-file=$folder/$file"); done
  kubectl --namespace "$NAMESPACE" create secret generic "$name" "${arguments[@]}"
}

kubectl apply --filename deploy/kubernetes/base/namespace.yaml
if [[ $overlay == single ]]; then
  secret mongo mongo/{root,app,reader}-password
  secret paredao-eventstore app/eventstore-url
  secret paredao-mongodb app/mongodb-url
fi
# The last one: it says that all are there. After a run that broke off, delete those that it made and run it again.
secret paredao-keys app/secrets.json app/users.json
cat "$folder/operator/first-credentials.txt"
