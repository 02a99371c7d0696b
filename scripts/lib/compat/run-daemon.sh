#!/usr/bin/env bash
# run-daemon.sh TREE FOLDER PROGRAM: in namespaces of its own, runs a libvirt daemon in a tree (/ is this machine),
# with the folders of FOLDER over all that libvirt keeps.
set -eu
tree=${1%/}
folder=$2
program=$3
mount --make-rprivate /
while read -r from to; do
  mkdir -p "$tree$to"
  mount --bind "$folder/$from" "$tree$to"
done <<'MOUNTS'
run /run/libvirt
lib /var/lib/libvirt
etc /etc/libvirt
log /var/log/libvirt
cache /var/cache/libvirt
MOUNTS
# The D-Bus and the control groups of the machine are not for these guests.
for to in /run/dbus /run/systemd; do
  if [ -d "$tree$to" ]; then mount -t tmpfs tmpfs "$tree$to"; fi
done
umount --recursive --lazy /sys/fs/cgroup 2>/dev/null || true
if [ -n "$tree" ]; then
  # Where the folder is on this machine, guests find what is in it, too.
  mount -t tmpfs tmpfs "$tree/tmp"
  mkdir -p "$tree$folder"
  mount --bind "$folder" "$tree$folder"
  # The tree has device nodes of its own: a daemon that rearranges /dev must not meet the machine's.
  mount -t devpts -o newinstance,ptmxmode=666 devpts "$tree/dev/pts"
  mount --bind "$tree/dev/pts/ptmx" "$tree/dev/ptmx"
  mount --bind /sys "$tree/sys"
fi
mount -t proc proc "$tree/proc"
# Who only changed its root may make no user namespaces, which passt wants: the tree becomes the root.
if [ -n "$tree" ]; then
  mount --rbind "$tree" "$tree"
  cd "$tree"
  pivot_root . mnt
  umount --lazy /mnt
fi
# Bash stays process 1 of the namespace: it reaps the QEMU processes that the daemon detaches and waits for.
"$program" --config "/etc/libvirt/$program.conf" --pid-file /run/libvirt/daemon.pid &
wait $!
