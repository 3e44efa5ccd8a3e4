#!/usr/bin/env bash
# The first process of the engine's namespaces: goes into its root, and becomes dockerd.
#
#   enter.sh FOLDER SHARED      FOLDER/root and FOLDER/data are its own; SHARED is at the same path inside and outside
set -euo pipefail
folder=$1
shared=$2
root=$folder/root

mount --make-rprivate /
mount --bind "$root" "$root"
mkdir -p "$root/data" "$root/old" "$root$shared"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root$shared"
mount --bind "$folder/data" "$root/data"
mount --bind "$shared" "$root$shared"
cd "$root"
pivot_root . old
umount --lazy /old
ip link set lo up
mkdir -p /run/docker
# The store of images that is the default since Docker 29; slirp4netns answers for the name server.
exec dockerd --data-root /data --exec-root /run/docker --host unix:///run/docker.sock --pidfile /run/docker.pid \
  --feature containerd-snapshotter=true --dns 10.0.2.3
