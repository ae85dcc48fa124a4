import { createHash } from 'node:crypto';
import { v7 } from 'uuid';

/** A new id that sorts by time, so that indexes grow at their end. */
export const newId = (): string => v7();

/** SHA-256 of a text, in hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
