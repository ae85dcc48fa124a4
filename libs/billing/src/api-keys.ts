import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IntakeEnvelope, Scope } from '@billfleet/contracts';
import { isWorkspaceRole, mayRole } from '@billfleet/domain';
import type { Action, Role, WorkspaceRole } from '@billfleet/domain';
import { tenants } from '@billfleet/store';
import type { ApiKey, Queryable } from '@billfleet/store';

/** Who calls, as an API key or the session of a person says it. */
export type Caller = {
  readonly prefix: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly role: Role;
  readonly workspaceId: string | null;
  /** For whom a service calls: for this request its power is no more than that of the person's role. */
  readonly person?: { readonly id: string; readonly role: WorkspaceRole };
  /** Of a person who came by one of our pages: what is known of him besides. */
  readonly page?: {
    readonly sessionId: string;
    readonly name: string | null;
    readonly email: string | null;
    readonly returnUrl: string | null;
    /** Of somebody on the staff: his account. */
    readonly staffId?: string;
  };
};

/** `bf_`, perhaps a word such as `dev_`, 6 to 16 characters that find the key, `_`, and 32 to 64 characters of secret. */
const KEY = /^bf_(?:[a-z]{2,8}_)?([a-z0-9]{6,16})_([A-Za-z0-9]{32,64})$/;

/** Splits a key into the prefix that finds it and its secret; undefined when it is not a key. */
export function parseApiKey(text: string): { prefix: string; secret: string } | undefined {
  const match = KEY.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { prefix: match[1], secret: match[2] };
}

/** What is stored of a secret, and what signs envelopes: its SHA-256. Secrets are random and long, so no slow hash is needed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const isEqual = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const callerOf = (key: ApiKey): Caller => ({
  prefix: key.prefix,
  name: key.name,
  scopes: key.scopes,
  role: key.role,
  workspaceId: key.workspaceId,
});

/** Whether the caller may do what needs a scope; `admin` may do all. */
export const mayDo = (caller: Caller, scope: Scope): boolean =>
  caller.scopes.includes(scope) || caller.scopes.includes('admin');

/** Whether the roles behind a request allow an action: that of the key, and that of the person for whom it calls. */
export const mayAct = ({ role, person }: Caller, action: Action): boolean =>
  mayRole(role, action) && (person === undefined || mayRole(person.role, action));

/** Who asks, as it is recorded: the person, by name where he is on the staff, or else the key by its name, which is no secret. */
export const requesterOf = ({ name, person, page }: Caller): string => {
  if (page?.staffId !== undefined) return `staff ${name} (${page.email ?? page.staffId})`;
  return person === undefined ? `key ${name}` : `person ${person.id}`;
};

const PERSON = /^([\x21-\x3a\x3c-\x7e]{1,120}); ?role=([a-z-]{1,20})$/;

/** Reads the person out of `Billfleet-Actor: <external id>; role=<role>`; undefined when it is not written so. */
export function parsePerson(header: string): Caller['person'] {
  const [, id, role] = PERSON.exec(header) ?? [];
  return id !== undefined && role !== undefined && isWorkspaceRole(role) ? { id, role } : undefined;
}

/** Most keys, and as many misses, that are kept. */
const KEPT_MAX = 10_000;

/** Checks API keys. Rows are kept for a few seconds, so that a loaded gateway does not ask the database for each request; revoking works within that time. */
export class ApiKeys {
  /** Keys that exist, and until when they need not be asked for again. */
  private readonly hits = new Map<string, { key: ApiKey; until: number }>();
  /** Prefixes without a usable key. Apart from the hits: anybody can invent prefixes, and must not push real keys out by it. */
  private readonly misses = new Map<string, { until: number }>();

  constructor(
    private readonly store: Queryable,
    private readonly keptMs = 5_000,
  ) {}

  /** The caller behind `Authorization: Bearer …`; undefined when there is no such usable key. */
  async authenticate(header: string | undefined): Promise<Caller | undefined> {
    const parsed = parseHeader(header);
    if (parsed === undefined) return undefined;
    const key = (await this.find([parsed.prefix])).get(parsed.prefix);
    return key !== undefined && isEqual(key.secretHash, hashSecret(parsed.secret)) ? callerOf(key) : undefined;
  }

  /**
   * Whether a header names a key that was found here before. Asking for such a key costs one query in a few seconds, however often it is
   * asked for; it says nothing of whether the secret is right.
   */
  knows(header: string | undefined): boolean {
    return this.hits.has(prefixOf(header));
  }

  /** Who signed each envelope; undefined where the signature is wrong or the key unusable. */
  async signers(envelopes: readonly IntakeEnvelope[]): Promise<readonly (Caller | undefined)[]> {
    const keys = await this.find(envelopes.map((envelope) => envelope.publisher));
    return envelopes.map((envelope) => {
      const key = keys.get(envelope.publisher);
      if (key === undefined) return undefined;
      const wanted = createHmac('sha256', key.secretHash).update(envelope.body).digest('hex');
      return isEqual(wanted, envelope.signature) ? callerOf(key) : undefined;
    });
  }

  private async find(prefixes: readonly string[]): Promise<ReadonlyMap<string, ApiKey>> {
    const now = performance.now();
    const keys = new Map<string, ApiKey>();
    const missing: string[] = [];
    for (const prefix of new Set(prefixes)) {
      const hit = this.hits.get(prefix);
      if (hit !== undefined && hit.until > now) keys.set(prefix, hit.key);
      else if ((this.misses.get(prefix)?.until ?? 0) <= now) missing.push(prefix);
    }
    if (missing.length === 0) return keys;
    const found = await tenants.findApiKeys(this.store, missing);
    const until = now + this.keptMs;
    for (const prefix of missing) {
      const key = found.get(prefix);
      if (key === undefined) {
        this.hits.delete(prefix);
        keep(this.misses, prefix, { until });
      } else {
        keys.set(prefix, key);
        this.misses.delete(prefix);
        keep(this.hits, prefix, { key, until });
      }
    }
    return keys;
  }
}

const parseHeader = (header = ''): { prefix: string; secret: string } | undefined =>
  parseApiKey(/^Bearer (\S{1,200})$/.exec(header)?.[1] ?? '');

const prefixOf = (header: string | undefined): string => parseHeader(header)?.prefix ?? '';

/** Puts an entry last; what was put in longest ago makes room. */
function keep<Entry>(entries: Map<string, Entry>, prefix: string, entry: Entry): void {
  entries.delete(prefix);
  entries.set(prefix, entry);
  const [oldest] = entries.keys();
  if (entries.size > KEPT_MAX && oldest !== undefined) entries.delete(oldest);
}
