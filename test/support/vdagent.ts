/** As spice-protocol's vd_agent.h numbers them. */
const AgentMessage = { CLIPBOARD: 4, CAPABILITIES: 6, GRAB: 7, REQUEST: 8 } as const;
const PROTOCOL = 1;
const CLIENT_PORT = 1;
const HEADER = 20;
const CLIPBOARD_BY_DEMAND = 1 << 5;
const UTF8 = 1;

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}

/** A message of a guest's SPICE agent to QEMU, in the escapes of `printf`, for a shell that plays the agent. */
function printable(type: number, data: Buffer): string {
  const message = [words(CLIENT_PORT, HEADER + data.length, PROTOCOL, type, 0, 0, data.length), data];
  return Array.from(Buffer.concat(message), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

export const announce = printable(AgentMessage.CAPABILITIES, words(1, CLIPBOARD_BY_DEMAND));
export const grab = printable(AgentMessage.GRAB, words(UTF8));
export const request = printable(AgentMessage.REQUEST, words(UTF8));

export function clipboard(text: string): string {
  return printable(AgentMessage.CLIPBOARD, Buffer.concat([words(UTF8), Buffer.from(text)]));
}
