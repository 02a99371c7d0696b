#!/usr/bin/env bash
# run-isolated.sh FOLDER COMMAND...: runs a command that may start a system libvirtd, as process 1 of a PID
# namespace, and prints `left behind: PROCESS` for each process that the command did not end.
set -u
. "${BASH_SOURCE%/*}/isolate.sh"
folder=$1
shift
isolate "$folder"

"$@" &
command=$!
trap 'kill -INT $command' INT
# A trapped signal ends the first wait, not the command.
until wait "$command"; [ ! -d "/proc/$command" ]; do :; done
for process in /proc/[0-9]*; do
  pid=${process#/proc/}
  if [ "$pid" != 1 ]; then echo "left behind: $(tr '\0' ' ' <"$process/cmdline")"; fi
done
