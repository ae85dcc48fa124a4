import { z } from 'zod';

const probability = z.number().min(0).max(1).default(0);

/** What the SMTP server does wrong on purpose. Each `POST /mailbox/faults` replaces all of it; an empty body ends the faults. */
export const mailFaultSettings = z.strictObject({
  /** Chance that a mail is turned away before its content is sent, with 421 (try later). */
  refuse421: probability,
  /** Chance that a mail is turned away for good, with 550 to its address. */
  refuse550: probability,
  /** Chance that a mail is stored and the connection is cut before the sender hears of it. */
  dropAfterData: probability,
  /** Wait before each mail is answered. */
  delayMs: z.int().min(0).max(60_000).default(0),
  /** The same seed gives the same faults for the same mails in the same order. */
  seed: z.int().min(0).max(0xffff_ffff).default(1),
});

/** Settings with every default filled in. */
export type MailFaultSettings = z.output<typeof mailFaultSettings>;

/** Draws the faults. */
export class MailFaults {
  private current: MailFaultSettings = mailFaultSettings.parse({});
  private random = seededRandom(this.current.seed);

  /** Replaces the settings and starts the draw anew. */
  set(settings: MailFaultSettings): void {
    this.current = settings;
    this.random = seededRandom(settings.seed);
  }

  /** The settings in force. */
  settings(): MailFaultSettings {
    return this.current;
  }

  /** Draws whether this fault happens now. */
  draw(fault: 'refuse421' | 'refuse550' | 'dropAfterData'): boolean {
    return this.random() < this.current[fault];
  }
}

/** A small generator (mulberry32): good enough to scatter faults, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
