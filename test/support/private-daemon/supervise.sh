#!/usr/bin/env bash
# Runs a libvirtd that nobody else can meet: supervise.sh FOLDER system|session
#
# Obeys lines on standard input (`start`, `stop SIGNAL`) and answers each with a line. When its input ends, which
# it also does when the tests are killed, it ends the daemon and every guest and removes FOLDER.
# Bash, because process 1 of a PID namespace has to reap the QEMU processes that libvirtd detaches.
set -u
folder=$1
mode=$2
daemon=

isolate() {
  mount --make-rprivate /
  local from to
  while read -r from to; do
    mkdir -p "$to"
    mount --bind "$folder/$from" "$to" || exit 1
  done <<'MOUNTS'
run /run/libvirt
lib /var/lib/libvirt
etc /etc/libvirt
log /var/log/libvirt
cache /var/cache/libvirt
MOUNTS
  # No D-Bus: the machine's systemd-machined, polkit and firewalld do not get to know these guests.
  for to in /run/dbus /run/systemd; do
    if [ -d "$to" ]; then mount -t tmpfs tmpfs "$to"; fi
  done
  # No KVM: these guests are emulated, and where only root may open /dev/kvm, libvirt would ask QEMU what it can
  # do again and again.
  if [ -e /dev/kvm ]; then
    install -m 000 /dev/null "$folder/no-kvm"
    mount --bind "$folder/no-kvm" /dev/kvm
  fi
  # Guests are not accounted in the machine's control groups.
  umount --recursive --lazy /sys/fs/cgroup 2>/dev/null
  # Down in a network namespace of our own, and up otherwise.
  ip link set lo up
}

start() {
  libvirtd --config "$folder/libvirtd.conf" --pid-file "$folder/libvirtd.pid" >>"$folder/libvirtd.log" 2>&1 &
  daemon=$!
}

finish() {
  # Whoever read our output may be gone.
  exec >/dev/null 2>&1
  if [ $$ = 1 ]; then
    kill -KILL -1 2>/dev/null
  else
    if [ -n "$daemon" ]; then kill -KILL "$daemon" 2>/dev/null; fi
    for pid in "$folder"/run/libvirt/qemu/run/*.pid; do
      if [ -e "$pid" ]; then kill -KILL "$(<"$pid")" 2>/dev/null; fi
    done
  fi
  wait
  rm -rf -- "$folder"
}

trap finish EXIT
trap '' INT
if [ "$mode" = system ]; then isolate; fi
while read -r verb argument; do
  case $verb in
    start) start ;;
    stop)
      kill -s "$argument" "$daemon" 2>/dev/null
      wait "$daemon" 2>/dev/null
      daemon=
      ;;
  esac
  echo "$verb"
done
