#!/bin/busybox sh
# Reads the NoCloud seed of the test guest, as much of it as an ssh server needs, and starts one.
b=/bin/busybox
export LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu:/lib/x86_64-linux-gnu
$b mkdir -p /run/cidata /etc/dropbear
while read -r module; do $b insmod "/seed/$module" 2>/dev/null; done </seed/order
until [ -e /dev/vdb ]; do $b sleep 0.1; done
$b mount -t iso9660 -o ro /dev/vdb /run/cidata || exit 1
data=/run/cidata/user-data
user=$($b sed -n 's/^ *- name: //p' $data | $b head -n 1)
$b awk '
  /^ *ed25519_private: \|/ { inside = 1; match($0, /^ */); depth = RLENGTH; next }
  inside { match($0, /^ */); if (RLENGTH <= depth && $0 != "") exit; sub(/^ */, ""); print }
' $data >/run/host-key
$b chmod 600 /run/host-key
/usr/bin/dropbearconvert openssh dropbear /run/host-key /etc/dropbear/key 2>/dev/null || exit 1
home=/home/$user
$b mkdir -p "$home/.ssh"
$b sed -n 's/^ *- \(ssh-[a-z0-9]* .*\)$/\1/p' $data >"$home/.ssh/authorized_keys"
echo "$user:x:1001:1001::$home:/bin/sh" >>/etc/passwd
echo "$user:x:1001:" >>/etc/group
$b chown -R 1001:1001 "$home"
$b chmod 700 "$home/.ssh"
$b chmod 755 /home "$home"
# The lines of fstab that cloud-init would write: what, where, its kind, its options.
$b awk '
  /^mounts:/ { inside = 1; next }
  inside && /^[^ ]/ { exit }
  inside && /^ *- - / { if (line != "") print line; line = $3; next }
  inside { line = line " " $2 }
  END { if (line != "") print line }
' $data | while read -r tag place kind options _; do
  $b mkdir -p "$place"
  $b mount -t "$kind" -o "${options%,nofail}" "$tag" "$place"
done
hostname=$($b sed -n 's/^local-hostname: //p' /run/cidata/meta-data)
[ -z "$hostname" ] || $b hostname "$hostname"
exec /usr/sbin/dropbear -F -E -s -r /etc/dropbear/key -p 22
