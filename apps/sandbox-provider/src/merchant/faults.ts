import { z } from 'zod';
import type { Ledger } from '../ledger/ledger.js';
import type { FaultKnobs } from '../ledger/rows.js';

const probability = z.number().min(0).max(1);

const delayMs = z.int().min(0).max(600_000);

/** What `POST /v1/faults` takes: knobs that are left out go back to no fault. */
export const faultKnobs = z.strictObject({
  seed: z.int().min(0).max(4_294_967_295).default(1),
  timeoutAfterCharge: probability.default(0),
  error500BeforeCharge: probability.default(0),
  error500AfterCharge: probability.default(0),
  slowMs: delayMs.default(0),
  webhookDuplicate: probability.default(0),
  webhookShuffle: probability.default(0),
  webhookDelayMs: delayMs.default(0),
  webhookDrop: probability.default(0),
  wrongAmount: probability.default(0),
  pixLate: probability.default(0),
  refundProcessing: probability.default(0),
  refundFailed: probability.default(0),
  lookupBlind: probability.default(0),
  settlementOmit: probability.default(0),
  settlementWrongAmount: probability.default(0),
  settlementInvented: z.int().min(0).max(100).default(0),
});

type Probability = Exclude<keyof FaultKnobs, 'seed' | 'slowMs' | 'webhookDelayMs' | 'settlementInvented'>;

// Mulberry32: small, and the same on every machine, so that a seed names a run.
const mulberry = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Decides when something goes wrong on purpose. The knobs survive a restart; the dice start again from the seed. */
export class Faults {
  private random: () => number;

  constructor(private readonly ledger: Ledger) {
    this.random = mulberry(this.knobs.seed);
  }

  get knobs(): FaultKnobs {
    return this.ledger.faults() ?? faultKnobs.parse({});
  }

  set(knobs: FaultKnobs): void {
    this.ledger.commit([{ t: 'faults', row: knobs }]);
    this.random = mulberry(knobs.seed);
  }

  /** Rolls the dice for one fault. A fault that is switched off rolls none. */
  strikes(name: Probability): boolean {
    const odds = this.ledger.faults()?.[name] ?? 0;
    return odds > 0 && this.random() < odds;
  }

  /** A delay between the two bounds. */
  between(fromMs: number, toMs: number): number {
    return Math.round(fromMs + this.random() * (toMs - fromMs));
  }
}
