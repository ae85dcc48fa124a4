import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { mintLink } from '../../support/browser.js';
import type { Customer } from '../../support/customer.js';
import { until } from '../../support/until.js';
import { violationsOn } from './accessibility.js';
import { Faults } from './faults.js';
import { holdTime, isTakingPictures, takePicture } from './pictures.js';
import { patternOf, textKeys } from './texts.js';
import type { Language } from './texts.js';

/** How somebody looks at the page. */
export type Seat = {
  readonly role?: 'workspace-admin' | 'billing-contact' | 'member';
  readonly locale?: 'en-US' | 'es-MX' | 'pt-BR';
  readonly isDark?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
};

/** Pictures show a page in its whole height, and no empty space below it. */
const DESKTOP = { width: 1120, height: isTakingPictures ? 400 : 800 } as const;
const PATIENCE_MS = 30_000;

type Element = {
  readonly ownerDocument: {
    readonly activeElement: unknown;
    readonly defaultView: { getComputedStyle(element: Element): { outlineStyle: string; boxShadow: string } };
  };
};

/** Both run in the page. */
const isFocused = (element: Element): boolean => element.ownerDocument.activeElement === element;
const showsFocus = (element: Element): boolean => {
  const { outlineStyle, boxShadow } = element.ownerDocument.defaultView.getComputedStyle(element);
  return outlineStyle !== 'none' || boxShadow !== 'none';
};

/** Somebody in front of the billing page of a workspace, with a browser of his own. */
export class Person {
  private language: Language = 'en';

  private constructor(
    readonly customer: Customer,
    private readonly context: BrowserContext,
    readonly faults: Faults,
    readonly page: Page,
  ) {}

  /** Sits down in front of a browser that has no session yet. */
  static async sitDown(browser: Browser, customer: Customer, seat: Seat = {}): Promise<Person> {
    const { locale = 'en-US', isDark = false, viewport = DESKTOP } = seat;
    const colorScheme = isDark ? 'dark' : 'light';
    const context = await browser.newContext({
      ...{ locale, colorScheme, viewport, reducedMotion: 'reduce' },
      // Letters of a small screen are read enlarged.
      deviceScaleFactor: isTakingPictures && viewport !== DESKTOP ? 2 : 1,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const faults = new Faults();
    await faults.watch(context);
    if (isTakingPictures) await holdTime(context, () => customer.fleet.clock.now());
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const person = new Person(customer, context, faults, await context.newPage());
    await person.readClock();
    return person;
  }

  /** Is sent to the page by the host product, as this role, and lands on `to`. */
  async enter(to = '/billing/plan', { role = 'workspace-admin' }: Pick<Seat, 'role'> = {}): Promise<void> {
    const minted = await mintLink(this.customer, { role, to, id: `user-${role}`, name: 'Ana Souza' });
    if (minted.status !== 201) throw new Error(`no link: ${JSON.stringify(minted.body)}`);
    await this.page.goto(String(minted.body['url']));
    await this.isReady();
  }

  /** From the next page on the browser's clock shows what the fleet's does, and goes on from there. */
  async readClock(): Promise<void> {
    const shown = this.customer.fleet.clock.now().getTime();
    const script = `{
      const Real = (window.RealDate ??= Date);
      const ahead = ${String(shown)} - Real.now();
      window.Date = class extends Real {
        constructor(...parts) { parts.length === 0 ? super(Real.now() + ahead) : super(...parts); }
        static now() { return Real.now() + ahead; }
      };
    }`;
    await this.context.addInitScript(script);
  }

  /** Another tab of the same browser, with the same session. */
  async openTab(address: string): Promise<Page> {
    const tab = await this.context.newPage();
    await tab.goto(this.at(address));
    return tab;
  }

  /** Follows a link to a file; answers what is saved. */
  async downloads(link: Locator): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const [saved] = await Promise.all([this.page.waitForEvent('download'), link.click()]);
    return { name: saved.suggestedFilename(), bytes: readFileSync(await saved.path()) };
  }

  async open(address: string): Promise<void> {
    await this.page.goto(this.at(address));
  }

  /** Waits until the screen of the address is there. */
  async isReady(): Promise<void> {
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.rests();
    this.language = await this.page.evaluate<Language>('document.documentElement.lang');
  }

  /** Chooses a language at the foot of the page, and goes on in it once the page speaks it. */
  async speaks(language: Language): Promise<void> {
    await this.field('frame.language').selectOption(language);
    await this.page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
    await this.isReady();
  }

  /** The texts below are named by their keys, and are those of the language that is spoken. */
  text(key: string, values: Readonly<Record<string, string>> = {}): RegExp {
    return patternOf(this.language, key, values);
  }

  button(key: string, values?: Readonly<Record<string, string>>): Locator {
    return this.page.getByRole('button', { name: this.text(key, values) });
  }

  link(key: string, values?: Readonly<Record<string, string>>): Locator {
    return this.page.getByRole('link', { name: this.text(key, values) });
  }

  field(key: string): Locator {
    return this.page.getByLabel(this.text(key));
  }

  radio(key: string): Locator {
    return this.page.getByRole('radio', { name: this.text(key) });
  }

  /** Waits until a text can be seen somewhere. */
  async sees(key: string, values?: Readonly<Record<string, string>>): Promise<void> {
    await this.seesText(this.text(key, values));
  }

  async seesText(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Waits until a heading is there. */
  async isAt(key: string, values?: Readonly<Record<string, string>>): Promise<void> {
    await this.page
      .getByRole('heading', { name: this.text(key, values) })
      .first()
      .waitFor();
    await this.rests();
  }

  /** Waits until the focus is there. */
  async hasFocus(place: Locator): Promise<void> {
    await until('the focus is there', () => this.isFocused(place));
  }

  isFocused(place: Locator): Promise<boolean> {
    return place.evaluate(isFocused);
  }

  /** Whether whoever looks at it sees that the focus is there. */
  showsFocus(place: Locator): Promise<boolean> {
    return place.evaluate(showsFocus);
  }

  /** What can be read now. */
  read(): Promise<string> {
    return this.page.locator('body').innerText();
  }

  /** Waits until the address has this path; its query does not count. */
  async isOn(wanted: string | RegExp): Promise<void> {
    const isThere = ({ pathname }: URL): boolean =>
      typeof wanted === 'string' ? pathname === wanted : wanted.test(pathname);
    await this.page.waitForURL(isThere);
  }

  /** Waits until nothing is being fetched that changes what is shown. */
  async rests(): Promise<void> {
    await until('nothing is loading', async () => (await this.page.locator('[aria-busy="true"]').count()) === 0);
  }

  /**
   * Waits for rest, then proves the screen: nothing broken, no rule of WCAG 2.2 AA, no name of a text in place of the text, and nothing
   * wider than the window.
   * @throws an error that lists what was found.
   */
  async provesSound(): Promise<void> {
    await this.rests();
    const text = await this.read();
    const raw = text.split(/[\s:,()]+/).filter((word) => textKeys.has(word) && word.includes('.'));
    const width = await this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    const found = [
      ...this.faults.take(),
      ...(await violationsOn(this.page)),
      ...raw.map((key) => `raw key: ${key}`),
      ...(/\{\{|\bundefined\b|\bNaN\b|\[object/.test(text) ? [`a hole in the text: ${text}`] : []),
      ...(width > 0 ? [`${String(width)} px wider than the window`] : []),
    ];
    if (found.length > 0) throw new Error(`${this.page.url()}\n${found.join('\n')}`);
  }

  /** Takes a picture of the whole page, in a run that is there for pictures. */
  takesPicture(name: string): Promise<void> {
    return takePicture(this.page, name);
  }

  /** Leaves, with nothing broken behind. */
  async leave(): Promise<void> {
    // What a picture was still waiting for goes with the page.
    if (isTakingPictures) await this.context.unrouteAll({ behavior: 'ignoreErrors' });
    await this.context.close();
    const found = this.faults.take();
    if (found.length > 0) throw new Error(found.join('\n'));
  }

  private at(address: string): string {
    return new URL(address, this.customer.fleet.config.publicUrl).href;
  }
}
