#!/usr/bin/env bash
# Makes the root in which a private engine runs, unless it is there, and beside it `base.tar`, what the stand-in images are
# made of. Mirror, keys and proxies are those of this machine's own apt.
#
#   root.sh FOLDER      root/ and base.tar are made in it
set -euo pipefail

# It has an engine and an nginx as recent as those of the compose file; a mirror that lags is good enough for a test.
readonly SUITE=forky
readonly PACKAGES=(docker.io docker-cli docker-compose docker-buildx iptables ca-certificates iproute2 slirp4netns git)
readonly CERTIFICATES=/etc/ssl/certs/ca-certificates.crt
readonly TIME_LIMIT=10m
folder=$1
root=$folder/root
stamp="$SUITE $(cksum <"${BASH_SOURCE[0]}")"

[[ $(cat "$folder/root.stamp" 2>/dev/null) == "$stamp" ]] && exit
rm -rf "$root" "$folder/base.tar" "$folder/root.stamp"
mkdir -p "$folder"

# shellcheck disable=SC2016  # apt-get's own
mirror=$(apt-get indextargets --format '$(ORIGIN) $(SITE)' | awk '$1 == "Debian" { print $2; exit }')
# The scripts of debootstrap may be older than the suite.
timeout "$TIME_LIMIT" debootstrap --variant=minbase "$SUITE" "$root" "$mirror" sid
apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/10host" || true
echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/90lagging-mirror"
cp /etc/resolv.conf "$root/etc/resolv.conf"
if [[ -s $CERTIFICATES ]]; then install -D -m 0644 "$CERTIFICATES" "$root$CERTIFICATES"; fi
# Nothing that is installed in there starts by itself.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
rm -f "$root"/var/cache/apt/archives/*.deb
tar -C "$root" -cf "$folder/base.tar" .

DEBIAN_FRONTEND=noninteractive timeout "$TIME_LIMIT" chroot "$root" sh -euc '
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$@"
  rm -rf /var/cache/apt/archives/*.deb' sh "${PACKAGES[@]}"
# The package has put its own in the place of the machine's, which may have an authority more.
if [[ -s $CERTIFICATES ]]; then install -m 0644 "$CERTIFICATES" "$root$CERTIFICATES"; fi
echo "$stamp" >"$folder/root.stamp"
