import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { complaintText } from '../../../src/workbench/console/display/complaint-text.ts';
import { BareDisplay, type Said } from '../../support/bare-display.ts';
import * as rfb from '../../support/rfb.ts';
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
    await display.hear(...rfb.welcome(640, 480), relative);
    const still = 0x7f_ff;
    const moved = await display.pointed(async (page) => {
      await page.locator('canvas').click();
      await page.getByText('Press Ctrl+Alt to release the mouse').waitFor();
      // How far a captured mouse moves is not for a browser to say that has none.
      await page.locator('canvas').dispatchEvent('mousemove', { movementX: 30, movementY: -20 });
      await page.keyboard.press('Control+Alt');
      await page.getByText('Press Ctrl+Alt to release the mouse').waitFor({ state: 'hidden' });
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
