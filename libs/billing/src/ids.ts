import { hash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;
const DRAWN_BYTES = 256 * ID_BYTES;

/** Random bytes are drawn for many ids at once: a draw from the system costs far more than the bytes. */
function drawRandom(): () => Uint8Array {
  let drawn: Uint8Array = new Uint8Array(0);
  let used = 0;
  return () => {
    if (used + ID_BYTES > drawn.length) {
      drawn = randomBytes(DRAWN_BYTES);
      used = 0;
    }
    used += ID_BYTES;
    return drawn.subarray(used - ID_BYTES, used);
  };
}

const nextRandom = drawRandom();

/** A new id that sorts by time to the millisecond, so that indexes grow at their end. */
export const newId = (): string => v7({ random: nextRandom() });

/** SHA-256 of a text, in hexadecimal. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');
