import { randomBytes } from 'node:crypto';
import { sha256 } from './ids.js';

const SECRET_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A token that cannot be guessed: 256 random bits, in characters that may stand in an address and in a cookie. */
export const newPageToken = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** Whether a text has the form of such a token: anything else need not be looked for. */
export const isPageToken = (text: string): boolean => TOKEN.test(text);

/** What is stored of a token. It is random and long, so no slow hash is needed. */
export const hashPageToken = (token: string): string => sha256(token);
