// not for people: the protocol’s greeting
const VERSION = new TextEncoder().encode('RFB 003.008\n');
const NO_SECURITY = Uint8Array.of(1, 1);
const ACCEPTED = Uint8Array.of(0, 0, 0, 0);

/**
 * The server's side of a greeting without a password, for a client (noVNC) that is connected to a server which we
 * have logged in to already.
 */
export class RfbGreeting {
  readonly #reply: (bytes: Uint8Array) => void;
  #steps: { readonly expect: number; readonly answer: Uint8Array }[];
  #seen = 0;

  constructor(reply: (bytes: Uint8Array) => void) {
    this.#reply = reply;
    this.#steps = [
      { expect: VERSION.length, answer: NO_SECURITY },
      { expect: 1, answer: ACCEPTED },
    ];
    reply(VERSION);
  }

  /** Takes what belongs to the greeting out of what the client says, and returns the rest. */
  take(bytes: Uint8Array): Uint8Array {
    let rest = bytes;
    for (let [step] = this.#steps; step !== undefined && rest.length > 0; [step] = this.#steps) {
      const taken = Math.min(rest.length, step.expect - this.#seen);
      rest = rest.subarray(taken);
      this.#seen += taken;
      if (this.#seen < step.expect) break;
      this.#reply(step.answer);
      this.#steps = this.#steps.slice(1);
      this.#seen = 0;
    }
    return rest;
  }
}
