import { idempotencyKey } from '@billfleet/contracts';
import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from './problem.js';

/** The `Idempotency-Key` header, which every POST that makes something must carry. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const raw = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  const wanted = '1 to 255 printable ASCII characters without blanks';
  if (raw === undefined || Array.isArray(raw)) {
    throw new ProblemException(400, [
      { code: 'idempotency_key_missing', field: 'Idempotency-Key', found: 'nothing', wanted },
    ]);
  }
  const parsed = idempotencyKey.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ProblemException(400, [
    {
      code: 'idempotency_key_invalid',
      field: 'Idempotency-Key',
      found: `a text of ${String(raw.length)} characters`,
      wanted,
    },
  ]);
});
