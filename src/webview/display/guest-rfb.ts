import RFB from '@novnc/novnc';
import type { Complaint } from './messages.ts';

/** QEMU says with this whether its guest's mouse takes positions or movements. */
const POINTER_MOTION_CHANGE = -257;
/** What QEMU takes for no movement at all. */
const NO_MOVEMENT = 0x7f_ff;
const MOVEMENT_MAX = 2000;

/** More than any screen has. */
const SIDE_MAX = 16_384;
const PIXELS_MAX = 64 * 1024 * 1024;
const CURSOR_SIDE_MAX = 512;
/** Compressed texts of more bytes than this are passed over: how long they really are shows only afterwards. */
const CUT_TEXT_MAX = 512 * 1024;
const CUT_TEXT_HEADER = 7;

const { clientEncodings } = RFB.messages;
RFB.messages.clientEncodings = (sock, encodings) => {
  clientEncodings(sock, [...encodings, POINTER_MOTION_CHANGE]);
};

/**
 * noVNC with what a guest's screen needs besides: mice that only know movements, and bounds on the memory that a
 * hostile server can make it use.
 */
export class GuestRfb extends RFB {
  onScreen: (width: number, height: number) => void = () => undefined;
  onFrame: () => void = () => undefined;
  /** What it could not make sense of, when it gave up for that. */
  complaint: Complaint = { fault: 'protocol', detail: '' };
  #relative = false;

  protected override _fail(details: string): boolean {
    return this.#complain('protocol', details);
  }

  protected override _resize(width: number, height: number): void {
    if (width > SIDE_MAX || height > SIDE_MAX || width * height > PIXELS_MAX) {
      this.#complain('size', `${width} × ${height}`);
      return;
    }
    super._resize(width, height);
    this.onScreen(width, height);
  }

  protected override _framebufferUpdate(): boolean {
    const complete = super._framebufferUpdate();
    if (complete) this.onFrame();
    return complete;
  }

  protected override _handleRect(): boolean {
    if (this._FBU.encoding !== POINTER_MOTION_CHANGE) return super._handleRect();
    this.#relative = this._FBU.x === 0;
    if (!this.#relative && document.pointerLockElement === this._canvas) document.exitPointerLock();
    return true;
  }

  protected override _handleDataRect(): boolean {
    const { x, y, width, height } = this._FBU;
    if (x + width > this._fbWidth || y + height > this._fbHeight) return this.#complain('outside');
    return super._handleDataRect();
  }

  protected override _handleCursor(): boolean {
    return this.#hasFairCursor() ? super._handleCursor() : this.#complain('pointer');
  }

  protected override _handleVMwareCursor(): boolean {
    return this.#hasFairCursor() ? super._handleVMwareCursor() : this.#complain('pointer');
  }

  protected override _handleServerCutText(): boolean {
    if (this._sock.rQwait('', CUT_TEXT_HEADER, 1)) return false;
    const header = this._sock.rQpeekBytes(CUT_TEXT_HEADER);
    const length = new DataView(header.buffer).getInt32(CUT_TEXT_HEADER - 4);
    // The length of what is compressed is negative.
    if (-length <= CUT_TEXT_MAX) return super._handleServerCutText();
    if (this._sock.rQwait('', CUT_TEXT_HEADER - length, 1)) return false;
    this._sock.rQskipBytes(CUT_TEXT_HEADER - length);
    return true;
  }

  protected override _handleMouse(event: MouseEvent): void {
    if (!this.#relative) {
      super._handleMouse(event);
      return;
    }
    event.stopPropagation();
    event.preventDefault();
    if (this.viewOnly || event.type === 'click' || event.type === 'contextmenu') return;
    // Only a captured mouse can go on moving.
    if (event.type === 'mousedown' && document.pointerLockElement !== this._canvas)
      void this._canvas.requestPointerLock();
    RFB.messages.pointerEvent(
      this._sock,
      NO_MOVEMENT + bounded(event.movementX),
      NO_MOVEMENT + bounded(event.movementY),
      RFB._convertButtonMask(event.buttons),
    );
  }

  #complain(fault: Complaint['fault'], detail = ''): boolean {
    this.complaint = { fault, detail };
    return super._fail(`${fault}: ${detail}`);
  }

  #hasFairCursor(): boolean {
    return this._FBU.width <= CURSOR_SIDE_MAX && this._FBU.height <= CURSOR_SIDE_MAX;
  }
}

function bounded(movement: number): number {
  return Math.max(-MOVEMENT_MAX, Math.min(MOVEMENT_MAX, Math.round(movement)));
}
