import { eventEnvelope, eventTypes } from '@billfleet/contracts';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { problemBody } from './problem.js';

/** A contract as an OpenAPI schema, written out in place: as we answer it, or as we take it (`input`). */
export function schemaOf(schema: z.ZodType, io: 'output' | 'input' = 'output'): Record<string, never> {
  const json: unknown = z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' });
  // Through text, since the value carries functions that a document cannot hold.
  const { definitions = {}, $schema: _, ...plain } = JSON.parse(JSON.stringify(json)) as JsonSchema;
  return inPlace(plain, definitions) as Record<string, never>;
}

type JsonSchema = { readonly definitions?: Readonly<Record<string, unknown>>; readonly $schema?: string };

/** A schema with a name comes as a reference into itself, where no OpenAPI document would look for it: it is written out instead. */
function inPlace(part: unknown, definitions: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(part)) return part.map((one) => inPlace(one, definitions));
  if (typeof part !== 'object' || part === null) return part;
  if ('$ref' in part && typeof part.$ref === 'string') {
    return inPlace(definitions[part.$ref.split('/').at(-1) ?? ''], definitions);
  }
  return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, inPlace(one, definitions)]));
}

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
  return { ...withProblems(SwaggerModule.createDocument(app, settings)), 'x-webhooks': webhooks() } as OpenAPIObject;
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

/** Every refusal has this form; programs that read the document learn it with each operation. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const item of Object.values(document.paths)) {
    for (const operation of [item.get, item.put, item.post, item.delete, item.patch]) {
      if (operation !== undefined) operation.responses.default ??= { description: 'Refused, or failed.', content };
    }
  }
  const schemas = { ...document.components?.schemas, Problem: schemaOf(problemBody) };
  return { ...document, components: { ...document.components, schemas } };
}

/** The same document without a server, a database or a queue: from the contracts and the routes alone. */
export async function writtenOpenApi(module: DynamicModule): Promise<OpenAPIObject> {
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    ...{ preview: true, logger: false, abortOnError: false },
  });
  return openApiDocument(app);
}
