import type { BrowserContext, Page, Response } from 'playwright-core';

/** What a page did that no page may do. Refused requests count unless a test says that it wants them. */
export class Faults {
  private readonly found: string[] = [];
  private readonly wanted: { readonly status: number; readonly path: string }[] = [];

  /** Watches every page of a context. */
  async watch(context: BrowserContext): Promise<void> {
    // The policy's own word for it, with the directive; the console's is worded anew with every browser.
    await context.exposeBinding('reportPolicyViolation', (_, violation: string) => {
      this.found.push(`content policy: ${violation}`);
    });
    await context.addInitScript(
      `document.addEventListener('securitypolicyviolation', (event) =>
         window.reportPolicyViolation(event.effectiveDirective + ' blocked ' + event.blockedURI + ' ' + event.sample))`,
    );
    context.on('page', (page) => {
      this.watchPage(page);
    });
  }

  /** From now on answers of this status are what the test is about, at paths that begin so. */
  want(status: number, path: string): void {
    this.wanted.push({ status, path });
  }

  /** All that was found since the last call. */
  take(): readonly string[] {
    return this.found.splice(0);
  }

  private watchPage(page: Page): void {
    page.on('console', (message) => {
      // What the network refused is judged by the answers themselves.
      const isNetwork = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isNetwork) this.found.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => {
      this.found.push(`not caught: ${error.message}`);
    });
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'no reason';
      // A request that its own page called off, such as by going on, or an open stream of changes.
      if (reason !== 'net::ERR_ABORTED') this.found.push(`request: ${request.url()} ${reason}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400 && !this.isWanted(response)) {
        this.found.push(`answer: ${String(response.status())} ${response.request().method()} ${response.url()}`);
      }
    });
  }

  private isWanted(response: Response): boolean {
    const { pathname } = new URL(response.url());
    return this.wanted.some(({ status, path }) => status === response.status() && pathname.startsWith(path));
  }
}
