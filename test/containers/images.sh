#!/usr/bin/env bash
# Gives the engine an image for each name that the stack uses: where a registry answers there is nothing to do, else those that
# are missing, or were made of something else, are built as stand-ins (images/Dockerfile).
#
#   images.sh BASE SHARED DOCKER…      BASE is a bare Debian (a tar), where there is one; DOCKER… is how docker is called, and it sees
#                                      the folder SHARED under the same path
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
cd "$here/../.."
base=$1
work=$2/images
shift 2
readonly DOCKER=("$@")
readonly PROBE=busybox:1.37.0
readonly TIME_LIMIT=20m

if timeout 30 "${DOCKER[@]}" pull --quiet "$PROBE" >/dev/null 2>&1; then
  echo 'A registry answers: the images are the real ones.'
  exit
fi

# target and image, for every name in the compose file and the Dockerfiles
stand_ins() {
  sed -nE 's/^ARG \w+_IMAGE=(.*)/\1/p; s/^FROM ([a-z][^ ]*:[^ ]*).*/\1/p; s/^ +image: (\$\{\w+:-)?([^}]*)\}?$/\2/p' \
    Dockerfile deploy/compose/*.Dockerfile docker-compose.yml | grep -v '^paredao/' | sort -u |
    while read -r image; do
      case $image in
      node:*) echo "node $image" ;;
      */nginx-unprivileged:*) echo "nginx $image" ;;
      mongo:*) echo "mongo $image" ;;
      */kurrentdb:*) echo "eventstoredb $image" ;;
      busybox:*) echo "busybox $image" ;;
      prom/*) image=${image#*/} && echo "${image%:*} prom/$image" ;;
      */nginx-prometheus-exporter:*) echo "nginx-exporter $image" ;;
      */mongodb_exporter:*) echo "mongodb-exporter $image" ;;
      *) echo "placeholder $image" ;;
      esac
    done
}

# What a stand-in is made of, in short: the double changes with every build, the others seldom.
stamp_of() {
  {
    cat "$here"/images/Dockerfile "$here"/images/*/*
    npm config get registry
    cat node_modules/node-*/package.json
    if [[ $1 == eventstoredb ]]; then cat package-lock.json && find dist/libs dist/test/eventstoredb-double -name '*.js' | sort | xargs cat; fi
  } | cksum | tr ' ' '-'
}
is_current() {
  [[ $("${DOCKER[@]}" image inspect --format '{{index .Config.Labels "paredao.made-of"}}' "$1" 2>/dev/null) == "$2" ]]
}

# The programs of this machine, as the Dockerfile copies them.
gather() {
  rm -rf "$work"
  cp -r "$here/images" "$work"
  mkdir -p "$work/context/dist/test"
  cp package.json package-lock.json "$work/context/"
  cp -L node_modules/node-*/bin/node "$work/context/node"
  cp -rL "$(npm root --global)/npm" "$work/context/npm"
  cp -r dist/libs "$work/context/dist/"
  cp -r dist/test/eventstoredb-double "$work/context/dist/test/"
  local authorities
  authorities=$(npm config get cafile)
  if [[ $authorities == null ]]; then authorities=/etc/ssl/certs/ca-certificates.crt; fi
  cp "$authorities" "$work/context/authorities.crt"
  printf 'registry=%s\ncafile=/etc/ssl/certs/ca-certificates.crt\n' "$(npm config get registry)" >"$work/context/npmrc"
}

if ! "${DOCKER[@]}" image inspect paredao-test/base >/dev/null 2>&1; then "${DOCKER[@]}" import - paredao-test/base <"$base"; fi
declare -A images=()
while read -r target image; do images[$target]+=" $image"; done < <(stand_ins)
for target in "${!images[@]}"; do
  stamp=$(stamp_of "$target")
  read -ra named <<<"${images[$target]}"
  missing=()
  for image in "${named[@]}"; do if ! is_current "$image" "$stamp"; then missing+=(--tag "$image"); fi; done
  if ((${#missing[@]} == 0)); then continue; fi
  echo "a stand-in for${images[$target]}"
  if [[ ! -d $work/context ]]; then gather; fi
  if [[ $target == mongo ]]; then cp "$(bash scripts/install-ferretdb.sh --logins)" "$work/context/ferretdb"; fi
  timeout "$TIME_LIMIT" "${DOCKER[@]}" build --quiet --label "paredao.made-of=$stamp" --target "$target" "${missing[@]}" "$work" >/dev/null
done
rm -rf "$work"
