import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { complaintText } from '../../../src/workbench/console/display/complaint-text.ts';
import { BareDisplay, type Said } from '../../support/bare-display.ts';
import * as rfb from '../../support/rfb.ts';
import { out } from '../../../scripts/lib/paths.ts';
import { parseLeaveKey } from '../../../src/webview/display/leave-key.ts';
import type { ToDisplay } from '../../../src/webview/display/messages.ts';
import { launchBrowser } from '../../support/workbench.ts';

suite('The page of a display', () => {
  let browser: Browser;
  let display: BareDisplay;

  before(async () => {
    browser = await launchBrowser();
    display = await BareDisplay.open(browser);
  });
  after(() => browser?.close());

  test('moves the mouse of a guest that knows no places, and gives it back', async () => {
    const relative = rfb.rectangle([0, 0, 640, 480], rfb.Encoding.POINTER_MOTION);
    await display.tell(keyboard('Ctrl+Alt'));
    await display.hear(...rfb.welcome(640, 480), relative);
    const still = 0x7f_ff;
    const moved = await display.pointed(async (page) => {
      await page.locator('canvas').click();
      await page.locator('#hint', { hasText: 'Ctrl+Alt' }).waitFor();
      // How far a captured mouse moves is not for a browser to say that has none.
      await page.locator('canvas').dispatchEvent('mousemove', { movementX: 30, movementY: -20 });
      await page.keyboard.press('Control+Alt');
      await page.locator('#hint').waitFor({ state: 'hidden' });
    });
    assert.ok(moved.some(([x, y]) => x === still + 30 && y === still - 20));

    await display.hear(...rfb.welcome(640, 480));
    const placed = await display.pointed(async (page) => {
      const { x, y } = (await page.locator('canvas').boundingBox()) ?? assert.fail();
      await page.mouse.click(x + 10, y + 10);
    });
    assert.ok(placed.length > 0 && placed.every(([x, y]) => x < 640 && y < 480), 'places again');
  });
});

/** A finger stays on a key for so long. */
const PRESS_MS = 120;

/** Presses keys one after the other and lets them go the other way round, as hands do it. */
async function chord(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.down(key);
    await page.waitForTimeout(PRESS_MS);
  }
  for (const key of keys.toReversed()) {
    await page.keyboard.up(key);
    await page.waitForTimeout(PRESS_MS);
  }
}

function keyboard(keys: string): Extract<ToDisplay, { type: 'keyboard' }> {
  return {
    type: 'keyboard',
    key: parseLeaveKey(keys) ?? assert.fail(keys),
    words: {
      screen: 'Screen of web',
      leave: `Press ${keys} to release the keyboard and mouse.`,
      left: 'web no longer gets the keyboard.',
      back: 'Type into web',
    },
  };
}

const [CONTROL, ALT, LETTER_A, F1] = [0xff_e3, 0xff_e9, 0x61, 0xff_be];

suite('The keyboard of a display', () => {
  let browser: Browser;
  let display: BareDisplay;

  before(async () => {
    browser = await launchBrowser();
    display = await BareDisplay.open(browser);
    await display.tell(keyboard('Ctrl+Alt'));
    const grey = Array.from({ length: 64 * 64 * 4 }, () => 0x80);
    await display.hear(...rfb.welcome(640, 480), rfb.rectangle([0, 0, 64, 64], rfb.Encoding.RAW, grey));
    await display.page.locator('canvas').focus();
  });
  after(() => browser?.close());

  const focused = () =>
    display.page.evaluate('document.activeElement?.id || document.activeElement?.tagName');
  const heard = () => display.page.locator('#heard').textContent();

  test('is the guest’s, and it is shown and heard how to take it back', async () => {
    const { page } = display;
    await page.locator('#hint').waitFor();
    await page.screenshot({ path: join(out, 'pictures', 'display-keyboard.png') });
    assert.deepEqual(await display.typed((at) => at.keyboard.press('a', { delay: PRESS_MS })), [
      LETTER_A,
      -LETTER_A,
    ]);
    const screen = page.getByRole('application', { name: 'Screen of web' });
    assert.equal(await screen.count(), 1);
    const help = await screen.getAttribute('aria-describedby');
    assert.equal(
      await page.locator(`#${help}`).textContent(),
      'Press Ctrl+Alt to release the keyboard and mouse.',
    );
  });

  test('is taken back by its keys, which the guest sees come and go', async () => {
    const typed = await display.typed((page) => chord(page, 'Control', 'Alt'));
    assert.deepEqual(typed.slice(0, 4), [CONTROL, ALT, -ALT, -CONTROL]);
    assert.equal(await focused(), 'back');
    assert.equal(await heard(), 'web no longer gets the keyboard.');
    assert.deepEqual(await display.typed((page) => page.keyboard.press('a', { delay: PRESS_MS })), []);
    assert.match(
      await display.page.locator('body').ariaSnapshot(),
      /status: web no longer gets the keyboard\./u,
    );
    await display.page.screenshot({ path: join(out, 'pictures', 'display-left.png') });
  });

  test('is given again with Enter', async () => {
    await display.page.keyboard.press('Enter', { delay: PRESS_MS });
    assert.equal(await focused(), 'CANVAS');
    const typed = await display.typed((page) => page.keyboard.press('a', { delay: PRESS_MS }));
    assert.deepEqual(typed, [LETTER_A, -LETTER_A]);
  });

  test('stays with the guest when other keys are pressed with them', async () => {
    const typed = await display.typed((page) => chord(page, 'Control', 'Alt', 'F1'));
    assert.deepEqual(typed, [CONTROL, ALT, F1, -F1, -ALT, -CONTROL]);
    assert.equal(await focused(), 'CANVAS');
  });

  test('is taken back by other keys where somebody set them', async () => {
    await display.tell(keyboard('Ctrl+Alt+G'));
    await display.typed((page) => chord(page, 'Control', 'Alt'));
    assert.equal(await focused(), 'CANVAS');
    const typed = await display.typed((page) => chord(page, 'Control', 'Alt', 'g'));
    assert.deepEqual(
      typed.toSorted((a, b) => a - b),
      [-ALT, -CONTROL, CONTROL, ALT],
      'without the last of them',
    );
    assert.equal(await focused(), 'back');
    await display.tell(keyboard('Ctrl+Alt'));
  });

  test('goes on at the buttons when the guest stops, whose last picture stays', async () => {
    const { page } = display;
    await page.keyboard.press('Enter', { delay: PRESS_MS });
    await display.tell({
      type: 'still',
      text: 'web is paused.',
      buttons: [{ action: 'resume', label: 'Resume' }],
    });
    assert.equal(await heard(), 'web is paused.');
    await page.screenshot({ path: join(out, 'pictures', 'display-paused.png') });
    await page.getByRole('button', { name: 'Resume' }).click({ delay: PRESS_MS });
    await display.tell({ type: 'still', text: '', buttons: [] });
    assert.ok(await page.locator('#still').isHidden());
    const buttons = [{ action: 'start', label: 'Start' } as const];
    await page.locator('canvas').focus();
    await display.tell({ type: 'closed', text: 'web is saved.', buttons, keepsLast: true });
    assert.equal(await heard(), 'web is saved.');
    await page.locator('#last').waitFor();
    await page.screenshot({ path: join(out, 'pictures', 'display-saved.png') });
    assert.equal(await page.evaluate('document.activeElement?.textContent'), 'Start');
    await page.keyboard.press('Enter', { delay: PRESS_MS });
    assert.deepEqual(await display.asked(), ['resume', 'start']);
  });
});

suite('A hostile display', () => {
  let browser: Browser;
  let display: BareDisplay;
  const screen = rfb.welcome(640, 480);

  before(async () => {
    browser = await launchBrowser();
    display = await BareDisplay.open(browser);
  });
  after(() => browser?.close());

  const lies: readonly (readonly [string, RegExp, ...Said[]])[] = [
    ['speaks HTTP', /not valid VNC/u, Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
    ['is huge', /65535 × 65535/u, ...rfb.welcome(65_535, 65_535)],
    ['grows', /20000 × 20000/u, ...screen, rfb.rectangle([0, 0, 20_000, 20_000], rfb.Encoding.DESKTOP_SIZE)],
    ['draws outside', /outside/u, ...screen, rfb.rectangle([600, 400, 100, 100], rfb.Encoding.RAW)],
    ['has a huge pointer', /pointer/u, ...screen, rfb.rectangle([0, 0, 60_000, 60_000], rfb.Encoding.CURSOR)],
    ['says what nobody knows', /not valid VNC/u, ...screen, Uint8Array.of(200)],
    ['draws as nobody can', /not valid VNC/u, ...screen, rfb.rectangle([0, 0, 1, 1], 12_345)],
    ['lies about a text', /zlib/u, ...screen, rfb.compressedText(Buffer.from('x\0'), 0xff_ff_ff_f0)],
    [
      'never ends a text',
      /exceeded/u,
      ...screen,
      rfb.cutText('', 0x7f_ff_ff_ff),
      { again: Buffer.from('x'), bytes: 44 * 1024 * 1024 },
    ],
  ];
  for (const [what, why, ...said] of lies)
    test(`that ${what} is turned away`, async () => {
      const failed = (await display.hear(...said)).find((message) => message.type === 'failed');
      assert.match(complaintText(failed?.complaint ?? assert.fail('It was believed')), why);
    });

  test('fills neither the clipboard nor the memory', async () => {
    const texts = Array.from({ length: 500 }, (_, count) => rfb.cutText(`text ${count}`));
    const long = rfb.compressedText(randomBytes(600 * 1024));
    const posted = await display.hear(...screen, long, Buffer.concat(texts));
    assert.deepEqual(
      posted.filter(({ type }) => type !== 'screen').map((message) => 'text' in message && message.text),
      ['text 0'],
    );
  });

  test('fills the clipboard unasked, unless a key or button was pressed in it just now', async () => {
    const fresh = await BareDisplay.open(browser);
    const asked = async () => {
      const posted = await fresh.hear(...screen, rfb.cutText('text'));
      return posted.flatMap((message) => (message.type === 'clipboard' ? [message.afterInput] : []));
    };
    assert.deepEqual(await asked(), [false]);
    const after = (act: (page: Page) => Promise<void>) =>
      fresh.pointed(async (page) => {
        // A guest fills it a few times a second at most.
        await page.waitForTimeout(400);
        await act(page);
      });
    await after((page) => page.mouse.move(20, 20));
    assert.deepEqual(await asked(), [false], 'moving the mouse is no consent');
    await after((page) => page.mouse.click(20, 20));
    assert.deepEqual(await asked(), [true]);
  });

  test('that makes no sense at all never gets through to the page', async () => {
    for (let count = 0; count < 20; count++) await display.hear(...screen, randomBytes(500));
    assert.deepEqual(display.errors, []);
  });
});
