import type { components } from './schema.js';

/** A refusal of the gateway (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** One fault of a problem, with the field that it is about. */
export type Fault = { readonly code: string; readonly field: string };

const SERVER_ERROR = 500;

const isProblem = (thrown: unknown): thrown is Problem =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'requestId' in thrown;

/** What was thrown, as a problem document: a connection that broke says nothing about whether anything was carried out. */
export function asProblem(thrown: unknown): Problem {
  if (isProblem(thrown)) return thrown;
  const hasStatus = typeof thrown === 'object' && thrown !== null && 'status' in thrown;
  const status = hasStatus && typeof thrown.status === 'number' ? thrown.status : 0;
  const code = status === 0 ? 'connection_lost' : 'internal_error';
  return { type: '/errors', title: '', detail: '', requestId: '', status, code };
}

/** Every fault of a problem. */
export function faultsOf({ code, field, errors }: Problem): readonly Fault[] {
  if (errors !== undefined) return errors;
  return field === undefined ? [] : [{ code, field }];
}

/** Whether money may have moved although no answer came. */
export const mayHaveMoved = ({ status, moneyMoved }: Problem): boolean =>
  moneyMoved === undefined && (status === 0 || status >= SERVER_ERROR);
