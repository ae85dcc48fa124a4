import type { z } from 'zod';
import {
  flag,
  oneOf,
  optionalEmail,
  optionalText,
  optionalUrl,
  standardWebhookSecret,
  text,
  url,
  whole,
} from './config-values.js';

/** What a variable is for and an example of it: the source of `config print`, of the docs table and of the error texts. */
export type VariableDoc = {
  readonly name: string;
  readonly about: string;
  readonly example: string;
  readonly secret: boolean;
  /** The value when none is given; a variable without one must be set. */
  readonly fallback?: string;
};

type Variable = VariableDoc & { readonly schema: z.ZodType<unknown, string | undefined> };

const variable = <S extends z.ZodType<unknown, string | undefined>>(
  name: string,
  schema: S,
  doc: { about: string; example: string; fallback?: string; secret?: boolean },
): { name: string; schema: S; about: string; example: string; secret: boolean; fallback?: string } => ({
  name,
  schema,
  about: doc.about,
  example: doc.example,
  secret: doc.secret ?? false,
  ...(doc.fallback === undefined ? {} : { fallback: doc.fallback }),
});

/** Every variable that the fleet reads, once. Secrets have no fallback; the launcher makes development ones on first start. */
export const variables = {
  environment: variable('NODE_ENV', oneOf('development', 'test', 'chaos', 'production'), {
    about: 'Where this runs. Unsafe development values refuse to start in production.',
    example: 'production',
    fallback: 'development',
  }),
  logLevel: variable('LOG_LEVEL', oneOf('silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'), {
    about: 'The least important log line that is written.',
    example: 'info',
    fallback: 'info',
  }),
  databaseUrl: variable('DATABASE_URL', url(['postgres:', 'postgresql:']), {
    about: 'PostgreSQL 16 or newer. The launcher brings up a private one when this is not set.',
    example: 'postgres://billfleet:secret@db.example.com:5432/billfleet',
    secret: true,
  }),
  databasePoolSize: variable('BILLFLEET_DATABASE_POOL_SIZE', whole(2, 100), {
    about: 'Connections to PostgreSQL per process.',
    example: '10',
    fallback: '8',
  }),
  redisUrl: variable('REDIS_URL', url(['redis:', 'rediss:']), {
    about:
      'Redis 6.2 or newer, or Valkey, with the policy noeviction. The launcher brings up a private one when this is not set.',
    example: 'redis://:secret@redis.example.com:6379/0',
    secret: true,
  }),
  queuePrefix: variable('BILLFLEET_QUEUE_PREFIX', text(1), {
    about: 'Prefix of all keys in Redis; braces keep them in one cluster slot.',
    example: '{billfleet}',
    fallback: '{billfleet}',
  }),
  host: variable('HOST', text(1), {
    about: 'Address that the HTTP servers listen on.',
    example: '0.0.0.0',
    fallback: '127.0.0.1',
  }),
  port: variable('PORT', whole(0, 65535), { about: 'Port of the gateway.', example: '3000', fallback: '3000' }),
  rateLimitPerMinute: variable('BILLFLEET_RATE_LIMIT_PER_MINUTE', whole(60, 10_000_000), {
    about: 'Requests a minute that one API key, or one address without a key, may make of one gateway process.',
    example: '30000',
    fallback: '30000',
  }),
  healthPort: variable('BILLFLEET_HEALTH_PORT', whole(0, 65535), {
    about: 'Port of the health and metrics pages of a worker or the dispatcher; 0 picks a free one.',
    example: '3101',
    fallback: '0',
  }),
  publicUrl: variable('BILLFLEET_PUBLIC_URL', url(['http:', 'https:']), {
    about: 'Where people reach the gateway: the base of all links in mails and pages.',
    example: 'https://billing.example.com',
    fallback: 'http://127.0.0.1:3000',
  }),
  pagePath: variable('BILLFLEET_PAGE_DIR', text(1), {
    about: 'Folder of the built billing page, which the gateway serves.',
    example: 'dist/apps/billing-page',
    fallback: 'dist/apps/billing-page',
  }),
  themePath: variable('BILLFLEET_THEME_FILE', optionalText, {
    about: 'Path of a JSON file with name, logo and colours of the pages; they look as usual while it is empty.',
    example: 'config/theme.json',
    fallback: '',
  }),
  cataloguePath: variable('BILLFLEET_CATALOGUE', text(1), {
    about: 'Path of the catalogue file.',
    example: 'config/catalogue.yaml',
    fallback: 'config/catalogue.yaml',
  }),
  leaseMs: variable('BILLFLEET_LEASE_MS', whole(500, 600_000), {
    about: 'How long a shout is trusted before the dispatcher shouts again.',
    example: '30000',
    fallback: '30000',
  }),
  retryFirstMs: variable('BILLFLEET_RETRY_FIRST_MS', whole(10, 60_000), {
    about: 'How long failed work waits before its second try; each further wait is twice as long, up to 15 minutes.',
    example: '1000',
    fallback: '1000',
  }),
  dispatcherPollMs: variable('BILLFLEET_DISPATCHER_POLL_MS', whole(50, 60_000), {
    about: 'How often the dispatcher looks for due work when nobody wakes it.',
    example: '1000',
    fallback: '1000',
  }),
  drainMs: variable('BILLFLEET_DRAIN_MS', whole(100, 300_000), {
    about: 'How long a process may go on with what it has in hand after SIGTERM.',
    example: '25000',
    fallback: '20000',
  }),
  renewalsPerMinute: variable('BILLFLEET_RENEWALS_PER_MINUTE', whole(1, 10_000_000), {
    about:
      'Most ends of terms that the fleet begins to look at in one minute, so that after a stop providers and mail servers are not flooded.',
    example: '6000',
    fallback: '6000',
  }),
  sandboxUrl: variable('BILLFLEET_SANDBOX_URL', url(['http:', 'https:']), {
    about: 'Base address of the sandbox payment provider.',
    example: 'http://127.0.0.1:3010',
    fallback: 'http://127.0.0.1:3010',
  }),
  sandboxPort: variable('BILLFLEET_SANDBOX_PORT', whole(0, 65535), {
    about: 'Port that the sandbox payment provider listens on.',
    example: '3010',
    fallback: '3010',
  }),
  sandboxDataPath: variable('BILLFLEET_SANDBOX_DATA_DIR', text(1), {
    about: 'Folder in which the sandbox keeps its payments, mails and host events.',
    example: '.data/sandbox',
    fallback: '.data/sandbox',
  }),
  sandboxNotifyUrl: variable('BILLFLEET_SANDBOX_NOTIFY_URL', url(['http:', 'https:']), {
    about: 'Where the sandbox provider sends its webhooks.',
    example: 'http://127.0.0.1:3000/v1/webhooks/sandbox',
    fallback: 'http://127.0.0.1:3000/v1/webhooks/sandbox',
  }),
  sandboxApiKey: variable('BILLFLEET_SANDBOX_API_KEY', text(16), {
    about: 'Key with which the fleet calls the sandbox provider.',
    example: 'sk_sandbox_0123456789abcdef',
    secret: true,
  }),
  sandboxWebhookSecret: variable('BILLFLEET_SANDBOX_WEBHOOK_SECRET', standardWebhookSecret, {
    about: 'Secret with which the sandbox provider signs its webhooks.',
    example: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
    secret: true,
  }),
  providerTimeoutMs: variable('BILLFLEET_PROVIDER_TIMEOUT_MS', whole(100, 60_000), {
    about: 'How long a payment provider may take to answer one call.',
    example: '10000',
    fallback: '10000',
  }),
  firstCheckMs: variable('BILLFLEET_FIRST_CHECK_MS', whole(200, 3_600_000), {
    about:
      'When the fleet asks the provider about an open payment by itself for the first time; later looks grow apart.',
    example: '120000',
    fallback: '120000',
  }),
  smtpUrl: variable('SMTP_URL', url(['smtp:', 'smtps:']), {
    about: 'The SMTP server that mails leave through.',
    example: 'smtps://user:secret@mail.example.com:465',
    fallback: 'smtp://127.0.0.1:3025',
    secret: true,
  }),
  mailboxSmtpPort: variable('BILLFLEET_MAILBOX_SMTP_PORT', whole(0, 65535), {
    about: 'Port of the built-in SMTP server of the sandbox.',
    example: '3025',
    fallback: '3025',
  }),
  mailFrom: variable('BILLFLEET_MAIL_FROM', text(3), {
    about: 'Sender of all mails.',
    example: 'Billing <billing@example.com>',
    fallback: 'Billfleet <billing@billfleet.example>',
  }),
  salesEmail: variable('BILLFLEET_SALES_EMAIL', optionalEmail, {
    about: 'Where sales read of new Enterprise requests; nobody is told while it is empty.',
    example: 'sales@example.com',
    fallback: '',
  }),
  hostWebhookUrl: variable('BILLFLEET_HOST_WEBHOOK_URL', optionalUrl, {
    about: 'Where the host product wants to be told of changes; nothing is told while it is empty.',
    example: 'https://product.example.com/webhooks/billing',
    fallback: '',
  }),
  hostUrl: variable('BILLFLEET_HOST_URL', optionalUrl, {
    about:
      'Base address of the host product, which is asked below it what it really gives; nothing is asked while it is empty.',
    example: 'https://product.example.com',
    fallback: '',
  }),
  hostWebhookSecret: variable('BILLFLEET_HOST_WEBHOOK_SECRET', standardWebhookSecret, {
    about: 'Secret with which calls to the host product, and its answers about seats, are signed.',
    example: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
    secret: true,
  }),
  linkSecret: variable('BILLFLEET_LINK_SECRET', text(20), {
    about:
      'Secret with which the links of mails are signed that let their holder pay one order or stop optional mails; another one makes all of them void.',
    example: 'a-long-random-text-of-your-own',
    secret: true,
  }),
  opsUser: variable('BILLFLEET_OPS_USER', text(2), {
    about: 'Login of the operations pages.',
    example: 'ops',
    fallback: 'ops',
  }),
  opsPassword: variable('BILLFLEET_OPS_PASSWORD', text(12), {
    about: 'Password of the operations pages.',
    example: 'a-long-random-text',
    secret: true,
  }),
  bootstrapApiKey: variable('BILLFLEET_BOOTSTRAP_API_KEY', optionalText, {
    about: 'An admin API key that the seed step stores (hashed) so that a first caller can get in.',
    example: 'bf_dev_0123456789abcdef_0123456789abcdef0123456789abcdef',
    fallback: '',
    secret: true,
  }),
  docsArePublic: variable('BILLFLEET_DOCS_PUBLIC', flag, {
    about: 'Whether /docs and /docs-json are open; else they ask for the operations login.',
    example: 'false',
    fallback: 'true',
  }),
  crash: variable('BILLFLEET_CRASH', optionalText, {
    about: 'Chaos only: crash points and their probabilities; refused unless NODE_ENV is chaos.',
    example: 'store.before_commit=0.02',
    fallback: '',
  }),
  mutant: variable('BILLFLEET_MUTANT', optionalText, {
    about: 'Chaos only: switches one rule off, to prove that the chaos run notices; refused unless NODE_ENV is chaos.',
    example: 'new-key-per-try',
    fallback: '',
  }),
} as const satisfies Record<string, Variable>;
