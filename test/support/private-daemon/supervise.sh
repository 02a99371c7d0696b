#!/usr/bin/env bash
# Runs a libvirtd that nobody else can meet: supervise.sh FOLDER system|session [OPTION...]
#
# Obeys lines on standard input (`start`, `stop SIGNAL`, `fate`) and answers each with a line; `fate` says whether
# the daemon is running, or with what status it ended by itself. When its input ends, which
# it also does when the tests are killed, it ends the daemon and every guest and removes FOLDER.
# Bash, because process 1 of a PID namespace has to reap the QEMU processes that libvirtd detaches.
set -u
. "${BASH_SOURCE%/*}/isolate.sh"
folder=$1
mode=$2
shift 2
daemon_options=("$@")
daemon=

start() {
  libvirtd --config "$folder/libvirtd.conf" --pid-file "$folder/libvirtd.pid" "${daemon_options[@]}" \
    >>"$folder/libvirtd.log" 2>&1 &
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
if [ "$mode" = system ]; then isolate "$folder"; fi
while read -r verb argument; do
  case $verb in
    start) start ;;
    stop)
      kill -s "$argument" "$daemon" 2>/dev/null
      wait "$daemon" 2>/dev/null
      daemon=
      ;;
    fate)
      if [ -z "$daemon" ] || kill -0 "$daemon" 2>/dev/null; then
        verb=running
      else
        wait "$daemon" 2>/dev/null
        verb=$?
      fi
      ;;
  esac
  echo "$verb"
done
