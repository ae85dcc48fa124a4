import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { z } from 'zod';
import { AppendLog } from './append-log.js';
import type { LinePosition } from './append-log.js';

/** Mails that the list shows. Older ones stay in the file and in the truth. */
const MESSAGES_LISTED_MAX = 5_000;

const storedMail = z.object({
  kind: z.literal('mail'),
  id: z.int(),
  receivedAt: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  messageId: z.string(),
  subject: z.string(),
  /** The mail as it came, one character per byte. */
  raw: z.string(),
});
const storedRecord = z.discriminatedUnion('kind', [storedMail, z.object({ kind: z.literal('cleared') })]);
type StoredMail = z.output<typeof storedMail>;

/** One line of the list of mails. */
export type MailSummary = {
  readonly id: number;
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly messageId: string;
  readonly subject: string;
};

/** One mail, taken apart. */
export type MailContent = MailSummary & {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly html: string;
  readonly source: string;
};

/** Which mails to list: an address (whole, in any case) and a part of the subject. */
export type MailQuery = {
  readonly to?: string | undefined;
  readonly subject?: string | undefined;
  readonly limit: number;
};

/** How often a mail with this Message-ID was ever delivered. */
export type MailTruth = { readonly messageId: string; readonly count: number };

type ListedMail = { readonly summary: MailSummary; readonly position: LinePosition };

/** What is known of the file: built from it when it is opened, kept up with it afterwards. */
class MailIndex {
  /** Newest last. Contents stay on disk. */
  listed: ListedMail[] = [];
  readonly deliveries = new Map<string, number>();
  lastId = 0;

  replay(line: string, position: LinePosition): void {
    const record = storedRecord.parse(JSON.parse(line));
    if (record.kind === 'cleared') this.listed = [];
    else this.add(record, position);
  }

  add({ raw: _raw, kind: _kind, ...summary }: StoredMail, position: LinePosition): MailSummary {
    this.listed.push({ summary, position });
    if (this.listed.length > MESSAGES_LISTED_MAX) this.listed.shift();
    this.deliveries.set(summary.messageId, (this.deliveries.get(summary.messageId) ?? 0) + 1);
    this.lastId = Math.max(this.lastId, summary.id);
    return summary;
  }
}

/** Every mail that was ever accepted. A mail counts as accepted once `accept` has resolved, and survives a kill after that. */
export class MailStore {
  private constructor(
    private readonly index: MailIndex,
    private readonly log: AppendLog,
  ) {}

  /** Opens the mails of a data folder; more than one process must not. */
  static async open(dataDir: string): Promise<MailStore> {
    const index = new MailIndex();
    const log = await AppendLog.open(join(dataDir, 'mailbox.jsonl'), (line, position) => {
      index.replay(line, position);
    });
    return new MailStore(index, log);
  }

  /** Stores one mail durably. */
  async accept(mail: { from: string; to: readonly string[]; raw: Buffer; receivedAt: Date }): Promise<MailSummary> {
    const { messageId, subject } = await parseHead(mail.raw);
    this.index.lastId += 1;
    const record: StoredMail = {
      kind: 'mail',
      id: this.index.lastId,
      receivedAt: mail.receivedAt.toISOString(),
      from: mail.from,
      to: [...mail.to],
      messageId,
      subject,
      raw: mail.raw.toString('latin1'),
    };
    return this.index.add(record, await this.log.append(JSON.stringify(record)));
  }

  /** Mails that fit, newest first. */
  list({ to, subject, limit }: MailQuery): readonly MailSummary[] {
    const wantedTo = to?.toLowerCase();
    const wantedSubject = subject?.toLowerCase();
    return this.index.listed
      .map(({ summary }) => summary)
      .filter((summary) => wantedTo === undefined || summary.to.some((address) => address.toLowerCase() === wantedTo))
      .filter(({ subject: found }) => wantedSubject === undefined || found.toLowerCase().includes(wantedSubject))
      .slice(-limit)
      .reverse();
  }

  /** One mail of the list with all that it holds. */
  async find(id: number): Promise<MailContent | undefined> {
    const entry = this.index.listed.find(({ summary }) => summary.id === id);
    if (entry === undefined) return undefined;
    const { raw } = storedMail.parse(JSON.parse(await this.log.read(entry.position)));
    const source = Buffer.from(raw, 'latin1');
    // Pictures that travel inside the mail are put into its HTML, as mail programs show them.
    const parsed = await simpleParser(source);
    return {
      ...entry.summary,
      headers: parsed.headerLines.map(({ line }) => headerOf(line)),
      text: parsed.text ?? '',
      html: parsed.html === false ? '' : (parsed.html ?? ''),
      source: source.toString(),
    };
  }

  /** All deliveries there ever were, whatever was cleared since. */
  truth(): readonly MailTruth[] {
    return [...this.index.deliveries].map(([messageId, count]) => ({ messageId, count }));
  }

  /** Empties the list. The truth and the file keep everything. */
  async clear(): Promise<void> {
    await this.log.append(JSON.stringify({ kind: 'cleared' }));
    this.index.listed = [];
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.log.close();
  }
}

/** Reads the two headers that the list needs, without the cost of taking the whole mail apart. */
async function parseHead(raw: Buffer): Promise<{ messageId: string; subject: string }> {
  const end = raw.indexOf('\r\n\r\n');
  const head = await simpleParser(Buffer.concat([end === -1 ? raw : raw.subarray(0, end), Buffer.from('\r\n\r\n')]));
  return { messageId: head.messageId ?? '', subject: head.subject ?? '' };
}

function headerOf(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
}
