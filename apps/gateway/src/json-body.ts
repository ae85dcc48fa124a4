import type { RawBodyRequest } from '@nestjs/common';
import { errorCodes } from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findDuplicateKey } from './duplicate-keys.js';
import { ProblemException } from './problem.js';

const BYTE_ORDER_MARK = 0xfe_ff;

/**
 * Reads JSON bodies: once, and strictly. A body that names a prototype is refused as if it were no JSON, and one that names the same
 * field twice, since two readers of it may read two amounts. The bytes stay at hand for those who check signatures.
 */
export function readJsonBodies(server: FastifyInstance): void {
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    (request as RawBodyRequest<FastifyRequest>).rawBody = body;
    try {
      done(null, parseBody(body));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), undefined);
    }
  });
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) throw new errorCodes.FST_ERR_CTP_EMPTY_JSON_BODY();
  const text = body[0] === 0xef ? withoutMark(body.toString()) : body.toString();
  const value = parse(text);
  const names = countNames(value);
  // Each name is followed by a colon: where there are no more colons than names, no name was lost to another one.
  if (names === countColons(text)) return value;
  const name = findDuplicateKey(text);
  if (name === undefined) return value;
  throw new ProblemException(400, [
    { code: 'field_twice', field: name.slice(0, 80), found: 'the same name twice', wanted: 'once' },
  ]);
}

const withoutMark = (text: string): string => (text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY();
  }
}

/**
 * Counts the names of all objects in a value.
 * @throws for names by which whoever copies the value would change what objects inherit.
 */
function countNames(value: unknown): number {
  // A list of its own, since a body may be nested more deeply than calls can be.
  const open: unknown[] = [value];
  let count = 0;
  while (open.length > 0) {
    const inner = open.pop();
    if (typeof inner !== 'object' || inner === null) continue;
    if (Array.isArray(inner)) for (const one of inner) open.push(one);
    else
      for (const name of Object.keys(inner)) {
        const field = (inner as Readonly<Record<string, unknown>>)[name];
        if (name === '__proto__' || (name === 'constructor' && isPrototype(field)))
          throw new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY();
        count += 1;
        if (typeof field === 'object') open.push(field);
      }
  }
  return count;
}

const isPrototype = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');

function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count += 1;
  return count;
}
