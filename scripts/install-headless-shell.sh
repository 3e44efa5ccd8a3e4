#!/usr/bin/env bash
# Brings Chromium's headless shell beside the Chromium that Debian installed, in its very version: the same engine without the window
# that a whole Chromium has even where nobody sees it. A page costs less than half of the CPU in it. Needs apt-get, not root.
# Where it cannot be had, nothing fails: test/tools/tools.ts takes the whole Chromium then.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly FOLDER="${XDG_CACHE_HOME:-$PWD/node_modules/.cache}/paredao/headless-shell"
readonly INSTALLED=/usr/lib/chromium
readonly TIME_LIMIT=5m

VERSION=$(dpkg-query --show --showformat '${Version}' chromium 2>/dev/null) || exit 0
readonly VERSION
# dpkg remembers what was removed, and other distributions put it elsewhere
[[ -d $INSTALLED ]] || exit 0
[[ $(cat "$FOLDER/version" 2>/dev/null) == "$VERSION" ]] && exit

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# apt's own user may not write here; it says so and goes on
if ! (cd "$scratch" && timeout "$TIME_LIMIT" apt-get download -qq "chromium-headless-shell=$VERSION"); then
  echo "Chromium's headless shell $VERSION cannot be had: the specs take the whole Chromium." >&2
  exit 0
fi
dpkg-deb --extract "$scratch"/*.deb "$scratch/package"
# it looks for its data beside itself: what both have in common is there already
mkdir "$scratch/shell"
cp --archive --symbolic-link "$INSTALLED"/. "$scratch/shell"
cp --force "$scratch/package$INSTALLED"/* "$scratch/shell"
if ! "$scratch/shell/chromium-headless-shell" --version; then
  echo "Chromium's headless shell $VERSION does not run here: the specs take the whole Chromium." >&2
  exit 0
fi
echo "$VERSION" >"$scratch/shell/version"
rm -rf "$FOLDER"
mkdir -p "$(dirname "$FOLDER")"
mv "$scratch/shell" "$FOLDER"
