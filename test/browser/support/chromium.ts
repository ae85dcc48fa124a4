import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findChromium } from '../../../apps/cli/src/services/chromium-binary.js';

/** Where the browser is that tests drive; without one they are skipped, and counted as such. */
export const chromiumPath = findChromium();

/** Starts a browser without a window; whoever starts it closes it. */
export async function startChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no Chromium');
  // Chromium refuses its own sandbox to root, and needs no screen or GPU here.
  const isRoot = process.getuid?.() === 0;
  const args = ['--disable-gpu', '--disable-dev-shm-usage', ...(isRoot ? ['--no-sandbox'] : [])];
  return chromium.launch({ executablePath: chromiumPath, args });
}
