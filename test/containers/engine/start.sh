#!/usr/bin/env bash
# Starts a private engine in namespaces of its own, which ends with the process that it prints, and everything in it. It
# reaches the network as a user's program would (slirp4netns): no rule and no interface of this machine changes.
#
#   start.sh FOLDER SHARED      prints the pid of its first process, seen from here
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
folder=$1
shared=$2
readonly START_LIMIT=60

bash "$here/root.sh" "$folder" >&2
mkdir -p "$folder/data" "$shared"
# A lock that ends with the engine: two would spoil each other's data.
exec 9>"$folder/lock"
flock --timeout 60 9 || { echo "an engine runs in $folder already" >&2; exit 1; }
setsid unshare --mount --net --uts --pid --fork --kill-child bash "$here/enter.sh" "$folder" "$shared" \
  </dev/null >"$folder/dockerd.log" 2>&1 &
unshared=$!
inside() { nsenter --target "$pid" --mount --net --uts --pid "$@"; }
for ((second = 0; second < START_LIMIT; second++)); do
  pid=$(pgrep --parent "$unshared" || true)
  if [[ $pid ]] && inside docker info >/dev/null 2>&1; then break; fi
  kill -0 "$unshared" 2>/dev/null || break
  sleep 1
done
if ! inside docker info >/dev/null 2>&1; then
  tail -20 "$folder/dockerd.log" >&2
  kill "$unshared" 2>/dev/null || true
  exit 1
fi
# In the network of this machine, but among the processes and mounts of the engine: it ends with them, and there the engine is 1.
setsid nsenter --target "$pid" --mount --pid slirp4netns --configure --mtu=65520 --disable-host-loopback 1 tap0 \
  </dev/null >"$folder/slirp4netns.log" 2>&1 9>&- &
# With whoever asked for it, too, however that ends.
# shellcheck disable=SC2016  # for the inner shell
setsid bash -c 'tail --pid="$1" --follow /dev/null; kill "$2" 2>/dev/null' _ "$PPID" "$pid" </dev/null >/dev/null 2>&1 9>&- &
echo "$pid"
