#!/bin/sh
# Runs a command that ends together with whoever holds the other end of our standard input, however that one
# ends: a process that is killed cannot end what it started, but the kernel closes its pipes. The caller makes us
# the leader of a process group, which then goes as a whole.
exec 3<&0 </dev/null
(
  cat <&3 >/dev/null
  kill -s KILL 0
) &
watch=$!
"$@" 3<&- &
wait $!
status=$?
# Its cat holds nothing but the pipe, and ends with it.
kill "$watch"
exit "$status"
