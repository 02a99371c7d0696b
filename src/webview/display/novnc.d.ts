declare module '@novnc/novnc' {
  /** The queues of bytes under a connection. */
  export interface Websock {
    /** Whether so many bytes are not there yet: then it goes back by `goBack`. */
    rQwait(what: string, count: number, goBack: number): boolean;
    /** A copy. */
    rQpeekBytes(count: number): Uint8Array<ArrayBuffer>;
    rQskipBytes(count: number): void;
  }

  interface Messages {
    clientEncodings: (this: void, sock: Websock, encodings: readonly number[]) => void;
    pointerEvent(sock: Websock, x: number, y: number, mask: number): void;
  }

  /** noVNC's client: what it documents, and those insides that a subclass here builds on (1.7). */
  export default class RFB extends EventTarget {
    static readonly messages: Messages;
    static _convertButtonMask(buttons: number): number;
    constructor(target: HTMLElement, channel: object, options?: { shared?: boolean });
    viewOnly: boolean;
    scaleViewport: boolean;
    resizeSession: boolean;
    showDotCursor: boolean;
    background: string;
    focus(): void;
    disconnect(): void;
    sendKey(keysym: number, code: string, down?: boolean): void;
    clipboardPasteFrom(text: string): void;
    protected readonly _canvas: HTMLCanvasElement;
    protected readonly _sock: Websock;
    protected readonly _fbWidth: number;
    protected readonly _fbHeight: number;
    protected readonly _FBU: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly encoding: number | null;
    };
    protected _fail(details: string): boolean;
    protected _resize(width: number, height: number): void;
    protected _framebufferUpdate(): boolean;
    protected _handleRect(): boolean;
    protected _handleDataRect(): boolean;
    protected _handleCursor(): boolean;
    protected _handleVMwareCursor(): boolean;
    protected _handleServerCutText(): boolean;
    protected _handleMouse(event: MouseEvent): void;
  }
}
