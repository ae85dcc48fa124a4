import { HttpException, StandardSchemaValidationPipe } from '@nestjs/common';

/** An error reply in the words of the wire: code, kind and message. */
export function refuse(status: number, code: string, message: string): HttpException {
  return new HttpException({ code, kind: 'invalid', message }, status);
}

/** Checks bodies against the schema that the parameter names; a refusal lists the first fields that are wrong. */
export const schemaPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) => {
    const told = issues.slice(0, 5).map((issue) => {
      const path = (issue.path ?? []).map((key) => String(typeof key === 'object' ? key.key : key)).join('.');
      return `${path === '' ? 'body' : path}: ${issue.message}`;
    });
    return refuse(400, 'invalid_request', told.join('; ').slice(0, 500));
  },
});
