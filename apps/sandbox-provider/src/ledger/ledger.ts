import { Journal } from './journal.js';
import { decodeEntry, encodeEntry } from './rows.js';
import type { Entry, EventRow, FaultKnobs, KeyRow, PaymentRow, RefundRow } from './rows.js';

/** Beyond this size the file is compacted at start, unless nearly all of it is still needed. */
const compactAboveBytes = 16 * 1_048_576;

/** Everything the provider knows: maps in memory, each change written to the journal before it is visible. */
export class Ledger {
  private readonly journal: Journal;
  private readonly payments = new Map<string, PaymentRow>();
  private readonly order: string[] = [];
  private readonly byAttempt = new Map<string, string[]>();
  private readonly refunds = new Map<string, RefundRow>();
  private readonly refundsBy = new Map<string, string[]>();
  private readonly keys = new Map<string, KeyRow>();
  private readonly tokens = new Map<string, PaymentRow>();
  private readonly events = new Map<string, EventRow>();
  private readonly waiting = new Set<string>();
  private knobs: FaultKnobs | undefined;

  constructor(folder: string) {
    this.journal = new Journal(folder);
    let entries = 0;
    this.journal.replay((line) => {
      for (const json of line as unknown[]) {
        this.apply(decodeEntry(json));
        entries += 1;
      }
    });
    const alive = this.payments.size + this.refunds.size + this.keys.size + this.events.size;
    if (this.journal.bytes > compactAboveBytes && entries > alive * 1.25) this.journal.replace(this.snapshot());
  }

  /** Makes facts true together: on the disk first, then for readers. */
  commit(entries: readonly Entry[]): void {
    this.journal.append(entries.map(encodeEntry));
    for (const entry of entries) this.apply(entry);
  }

  payment(reference: string): PaymentRow | undefined {
    return this.payments.get(reference);
  }

  paymentsOf(attemptId: string): readonly PaymentRow[] {
    return (this.byAttempt.get(attemptId) ?? []).flatMap((reference) => this.payments.get(reference) ?? []);
  }

  refund(refundId: string): RefundRow | undefined {
    return this.refunds.get(refundId);
  }

  /** The refunds of a payment, oldest first. */
  refundsOf(reference: string): readonly RefundRow[] {
    return (this.refundsBy.get(reference) ?? []).flatMap((refundId) => this.refunds.get(refundId) ?? []);
  }

  key(key: string): KeyRow | undefined {
    return this.keys.get(key);
  }

  /** The payment at which a stored method was made. */
  token(token: string): PaymentRow | undefined {
    return this.tokens.get(token);
  }

  faults(): FaultKnobs | undefined {
    return this.knobs;
  }

  pendingEvents(): readonly EventRow[] {
    return [...this.events.values()];
  }

  isPending(eventId: string): boolean {
    return this.events.has(eventId);
  }

  /** Payments that time alone can change. */
  waitingPayments(): readonly PaymentRow[] {
    return [...this.waiting].flatMap((reference) => this.payments.get(reference) ?? []);
  }

  get paymentCount(): number {
    return this.order.length;
  }

  /** Payments in the order in which they were made, from position `from` on. */
  slice(from: number, to: number): readonly PaymentRow[] {
    return this.order.slice(from, to).flatMap((reference) => this.payments.get(reference) ?? []);
  }

  close(): void {
    this.journal.close();
  }

  private apply(entry: Entry): void {
    switch (entry.t) {
      case 'payment':
        this.applyPayment(entry.row);
        return;
      case 'refund':
        this.applyRefund(entry.row);
        return;
      case 'key':
        this.keys.set(entry.row.key, entry.row);
        return;
      case 'event':
        this.events.set(entry.row.id, entry.row);
        return;
      case 'delivered':
        this.events.delete(entry.id);
        return;
      case 'faults':
        this.knobs = entry.row;
    }
  }

  private applyRefund(row: RefundRow): void {
    const { refundId, paymentReference } = row;
    if (!this.refunds.has(refundId)) {
      const siblings = this.refundsBy.get(paymentReference);
      if (siblings === undefined) this.refundsBy.set(paymentReference, [refundId]);
      else siblings.push(refundId);
    }
    this.refunds.set(refundId, row);
  }

  private applyPayment(row: PaymentRow): void {
    const { reference, attemptId } = row;
    if (!this.payments.has(reference)) {
      this.order.push(reference);
      const siblings = this.byAttempt.get(attemptId);
      if (siblings === undefined) this.byAttempt.set(attemptId, [reference]);
      else siblings.push(reference);
    }
    this.payments.set(reference, row);
    if (row.storedMethod !== undefined) this.tokens.set(row.storedMethod.token, row);
    if (row.state === 'open' || row.state === 'processing') this.waiting.add(reference);
    else this.waiting.delete(reference);
  }

  private *snapshot(): Generator {
    for (const row of this.slice(0, this.order.length)) yield [encodeEntry({ t: 'payment', row })];
    for (const row of this.refunds.values()) yield [encodeEntry({ t: 'refund', row })];
    for (const row of this.keys.values()) yield [encodeEntry({ t: 'key', row })];
    for (const row of this.events.values()) yield [encodeEntry({ t: 'event', row })];
    if (this.knobs !== undefined) yield [encodeEntry({ t: 'faults', row: this.knobs })];
  }
}
