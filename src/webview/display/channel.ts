type Handler<T> = ((event: T) => void) | null;

/** What noVNC takes for a connection: the messages between this page and the extension host. */
export class PostedChannel {
  binaryType = 'arraybuffer';
  protocol = '';
  readyState = 'open';
  onopen: Handler<Event> = null;
  onclose: Handler<{ code: number; reason: string; wasClean: boolean }> = null;
  onerror: Handler<Event> = null;
  onmessage: Handler<{ data: Uint8Array }> = null;
  readonly #post: (bytes: Uint8Array) => void;

  constructor(post: (bytes: Uint8Array) => void) {
    this.#post = post;
  }

  /** noVNC uses its buffer again at once. */
  send(data: Uint8Array): void {
    if (this.readyState === 'open') this.#post(data.slice());
  }

  receive(data: Uint8Array): void {
    if (this.readyState === 'open') this.onmessage?.({ data });
  }

  close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.onclose?.({ code: 1000, reason: '', wasClean: true });
  }
}
