import { randomUUID } from 'node:crypto';
import { call } from './customer.js';
import type { Answer, Customer } from './customer.js';
import type { Fleet } from './fleet.js';

/** A person as the host product sends him to the billing page. */
export type Visitor = {
  readonly role?: string;
  readonly id?: string;
  readonly to?: string;
  readonly returnUrl?: string;
  readonly name?: string;
  readonly email?: string;
};

/** Asks for a link to the billing page, as the host product does. */
export async function mintLink(customer: Pick<Customer, 'fleet' | 'id'>, visitor: Visitor = {}): Promise<Answer> {
  const { role = 'workspace-admin', id = 'user-1', to, returnUrl, name, email } = visitor;
  const person = { id, ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  const body = { workspaceId: customer.id, person, role, to, returnUrl };
  return call(customer.fleet, 'POST', '/v1/portal-sessions', { body });
}

/** A browser as the gateway sees one: it keeps cookies, and says where its requests come from. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly fleet: Fleet) {}

  /** A browser that was let in by a link of the host product. */
  static async enter(customer: Pick<Customer, 'fleet' | 'id'>, visitor: Visitor = {}): Promise<Browser> {
    const minted = await mintLink(customer, visitor);
    if (minted.status !== 201) throw new Error(`no link: ${JSON.stringify(minted.body)}`);
    const browser = new Browser(customer.fleet);
    const answer = await browser.open(String(minted.body['url']));
    if (answer.status !== 303) throw new Error(`not let in: ${String(answer.status)} ${await answer.text()}`);
    return browser;
  }

  get origin(): string {
    return `http://127.0.0.1:${String(this.fleet.config.port)}`;
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Asks for an address as a link does, and keeps the cookies of the answer; goes nowhere by itself. */
  async open(
    address: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Response> {
    const { method = 'GET', headers = {}, body } = init;
    const answer = await fetch(new URL(address, this.origin), {
      method,
      redirect: 'manual',
      headers: { ...(this.cookies.size === 0 ? {} : { cookie: this.cookieHeader }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    return answer;
  }

  /** Calls the API as the page does. `over`: headers that differ; undefined leaves one out. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    over: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer> {
    const isChange = method !== 'GET';
    const usual: Record<string, string | undefined> = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(isChange ? { 'billfleet-page': '1', origin: this.origin, 'idempotency-key': randomUUID() } : {}),
      ...over,
    };
    const headers = Object.fromEntries(
      Object.entries(usual).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const answer = await this.open(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').includes('json');
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : {}) as Answer['body'] };
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split('=');
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
