import { eventEnvelope, eventTypes } from '@billfleet/contracts';
import { applyDecorators } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { ApiQuery, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

/** A contract as an OpenAPI schema, written out in place: as we answer it, or as we take it (`input`). */
export function schemaOf(schema: z.ZodType, io: 'output' | 'input' = 'output'): Record<string, never> {
  const json: unknown = z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' });
  // Through text, since the value carries functions that a document cannot hold.
  const {
    $ref,
    definitions,
    $schema: _,
    ...plain
  } = JSON.parse(JSON.stringify(json)) as {
    $ref?: string;
    definitions?: Record<string, Record<string, never>>;
    $schema?: string;
  };
  // A schema with a name comes as a reference into itself, where no OpenAPI document would look for it.
  return definitions?.[$ref?.split('/').at(-1) ?? ''] ?? plain;
}

/** Puts each parameter of a query into the document, as its contract says. */
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

/** The document that `/docs-json` serves, made from the same contracts that check requests. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle('Billfleet')
    .setDescription(
      'Per-seat, prepaid subscriptions: quote, order, pay, provision. Amounts are minor units as text. Errors are problem details (RFC 9457).',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', description: 'An API key: bf_…' })
    .build();
  return { ...SwaggerModule.createDocument(app, settings), 'x-webhooks': webhooks() } as OpenAPIObject;
}

/** What the host product is told, by type. Webhooks have no place in OpenAPI 3.0, so they go by the usual extension of it. */
function webhooks(): Readonly<Record<string, unknown>> {
  const entries = Object.entries(eventTypes).map(([type, { about, data }]) => {
    const schema = schemaOf(eventEnvelope.extend({ type: z.literal(type), data }));
    const requestBody = { required: true, content: { 'application/json': { schema } } };
    const responses = { '2XX': { description: 'Taken.' }, '410': { description: 'Nobody wants this any more.' } };
    return [type, { post: { operationId: `told.${type}`, summary: about, requestBody, responses } }];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}
