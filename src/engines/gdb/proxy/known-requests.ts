/**
 * What QEMU's stub knows. gdb knows more: files of the target, its programs, libraries and trace points, which a stub
 * that is none of QEMU's could use to make gdb read and run what it likes. Those are answered as QEMU would: that it
 * does not know them.
 */
const KNOWN =
  /^(?:[!?cCDgGHkmMpPRsSTXxzZ]|b[cs]$|v(?:Cont|Attach|Kill|MustReplyEmpty)|q(?:Rcmd,|[fs]ThreadInfo$|ThreadExtraInfo,|Attached|C$|Supported|qemu\.|Xfer:features:read:)|Qqemu\.)/;

export function isKnown(request: string): boolean {
  return KNOWN.test(request);
}

/** Of what a stub says that it can do, gdb is told what QEMU's can: to ask for more would lead to nothing. */
const FEATURE =
  /^(?:PacketSize=[0-9a-f]+|(?:qXfer:features:read|vContSupported|multiprocess|ReverseStep|ReverseContinue|swbreak|hwbreak)[+-])$/i;

/** @param reply a stub's to `qSupported` */
export function knownFeatures(reply: string): string {
  return reply
    .split(';')
    .filter((feature) => FEATURE.test(feature))
    .join(';');
}
