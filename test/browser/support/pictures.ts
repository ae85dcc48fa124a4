import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

/** The folder that pictures go to, where they are wanted: `./billfleet screenshots` names it. */
const folder = process.env['BILLFLEET_SCREENSHOTS'];

/** Whether this run is there for pictures. */
export const isTakingPictures = folder !== undefined;

/** Writes a picture of a whole page, where pictures are wanted. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
}
