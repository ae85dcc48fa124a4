import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';

/** The folder that pictures go to, where they are wanted: `./billfleet screenshots` names it. */
const folder = process.env['BILLFLEET_SCREENSHOTS'];

/** Whether this run is there for pictures. */
export const isTakingPictures = folder !== undefined;

/** Small files on which letters stay sharp. */
const QUALITY = 82;

/** Writes a picture of a whole page, where pictures are wanted. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.evaluate(
    'document.activeElement?.blur?.(); window.scrollTo(0, 0); document.fonts.ready.then(() => undefined)',
  );
  const [width, height] = await page.evaluate<readonly [number, number]>(
    '[document.documentElement.clientWidth, document.documentElement.scrollHeight]',
  );
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: QUALITY,
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height, scale: 1 },
  });
  await session.detach();
  writeFileSync(path.join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
}

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;
const TODAY_MS = 12 * 3_600_000;

/**
 * Shows moments of the database's own clock, such as that of an order, as moments of the fleet's clock, so that pictures of the same screen
 * stay the same.
 */
export async function holdTime(context: BrowserContext, now: () => Date): Promise<void> {
  const isToday = (text: string): boolean => Math.abs(Date.parse(text) - Date.now()) < TODAY_MS;
  await context.route(
    (url) => url.pathname.includes('/v1/') && !/\.csv$|\/(?:pdf|changes)$/.test(url.pathname),
    async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const answer = await route.fetch();
      const body = (await answer.text()).replace(INSTANT, (text) => (isToday(text) ? now().toISOString() : text));
      return route.fulfill({ response: answer, body });
    },
  );
}
