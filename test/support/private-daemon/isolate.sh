# In a mount namespace of its own: `isolate FOLDER` puts folders of FOLDER over all that libvirt keeps.

isolate() {
  local folder=$1
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
  # Consoles are locked by process number, which says nothing outside of a process namespace: a lock that a
  # killed daemon left behind would seem to be held by whoever has its number here.
  # It is a link on most machines, and where it leads to is not there on all of them.
  to=$(readlink -m /var/lock)
  mkdir -p "$to"
  mount -t tmpfs tmpfs "$to" || exit 1
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
