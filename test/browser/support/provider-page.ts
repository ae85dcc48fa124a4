import type { Page } from 'playwright-core';

/** A card that pays now and is charged later without trouble. */
export const GOOD_CARD = '4242 4242 4242 4242';

const ADDRESS = /\/pay\/[^/]+$/;

/** Waits until the payment provider's own page is there. */
export async function isAtProvider(page: Page): Promise<void> {
  await page.waitForURL((url) => ADDRESS.test(url.pathname) && !url.pathname.startsWith('/billing/'));
}

/** Types a card on the provider's page and pays; whoever is declined stays there. */
export async function payByCard(page: Page, card = GOOD_CARD): Promise<void> {
  await isAtProvider(page);
  await page.locator('#number').fill(card);
  await page.locator('button.main').click();
}

/** Confirms a payment by the wallet, or by Pix, on the provider's page. */
export async function confirmPayment(page: Page): Promise<void> {
  await isAtProvider(page);
  await page.locator('button.main').click();
}
