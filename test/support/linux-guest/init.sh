#!/bin/busybox sh
# The first process of the test guest: prepares what its programs look for, then becomes busybox's init.
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /var/run /var/log
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /tmp
while read -r module; do insmod "/modules/$module" 2>/dev/null; done </modules/order
hostname guest
echo 4 >/proc/sys/kernel/printk
for port in /sys/class/virtio-ports/*; do
  if [ -e "$port/name" ]; then
    mkdir -p /dev/virtio-ports
    ln -s "/dev/${port##*/}" "/dev/virtio-ports/$(cat "$port/name")"
  fi
done
{
  for line in ttyS0 ttyS1 hvc0; do
    # A port that is not there cannot be set up. No getty: it guesses what ends a line from the first one, and of
    # what is typed before it listens it guesses so that no password ever ends.
    if stty -F "/dev/$line" >/dev/null 2>&1; then echo "$line::respawn:-/bin/login"; fi
  done
  echo 'tty1::respawn:-/bin/sh'
  if [ -e /dev/virtio-ports/org.qemu.guest_agent.0 ]; then
    echo '::respawn:/usr/sbin/qemu-ga -m virtio-serial -p /dev/virtio-ports/org.qemu.guest_agent.0'
  fi
  if [ -e /dev/input/event0 ]; then echo '::once:/bin/acpid -f -c /etc/acpi -l /dev/null'; fi
  echo '::ctrlaltdel:/bin/reboot'
} >/etc/inittab
exec /bin/linuxrc
