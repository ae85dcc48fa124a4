/**
 * Why a wish was not granted, as a value: a stable code, the field it is about, what was found there and what would have
 * been accepted. It is meant for the caller to read and never holds personal or payment data.
 */
export type Refusal<Code extends string = string> = {
  readonly code: Code;
  readonly field: string;
  readonly found: string;
  readonly wanted: string;
};
