import { access } from 'node:fs/promises';

const candidates = [
  process.env['CHROMIUM_EXECUTABLE'],
  // Without a window of its own it draws the same page for a fifth less of the machine's time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
];

/** The Chromium that page tests drive. */
export async function findBrowser(): Promise<string | undefined> {
  for (const path of candidates) {
    if (path === undefined) continue;
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
