import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { z } from 'zod';
import { schemaOf } from './openapi.js';

/** Puts each parameter of a query into the OpenAPI document, as its contract says. */
export function ApiQueriesOf(schema: z.ZodType): MethodDecorator {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as QuerySchema;
  return applyDecorators(
    ...Object.entries(properties).map(([name, { description, ...one }]) =>
      ApiQuery({ name, required: required.includes(name), schema: one, ...(description && { description }) }),
    ),
  );
}

type QuerySchema = {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
};
