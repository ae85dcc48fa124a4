import { randomBytes } from 'node:crypto';

/** Values that must not be known to anybody else, by the name of their variable. */
export type Secrets = Readonly<Record<string, string>>;

/** Where the servers of a fleet on this machine are. */
export type FleetPlaces = {
  databaseUrl: string;
  redisUrl: string;
  gatewayPort: number;
  sandboxPort: number;
  smtpPort: number;
};

/** Fresh development secrets, each in the form that the configuration schema asks for. */
export function newSecrets(): Secrets {
  const webhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
  return {
    BILLFLEET_SANDBOX_API_KEY: `sk_sandbox_${randomBytes(16).toString('hex')}`,
    BILLFLEET_SANDBOX_WEBHOOK_SECRET: webhookSecret(),
    BILLFLEET_HOST_WEBHOOK_SECRET: webhookSecret(),
    BILLFLEET_LINK_SECRET: randomBytes(24).toString('base64url'),
    BILLFLEET_OPS_PASSWORD: randomBytes(15).toString('base64url'),
    BILLFLEET_BOOTSTRAP_API_KEY: `bf_dev_${randomBytes(8).toString('hex')}_${randomBytes(20).toString('hex')}`,
  };
}

/** The variables that join the processes of one fleet on the loopback address. */
export function fleetVariables(places: FleetPlaces): Record<string, string> {
  const gateway = `http://127.0.0.1:${String(places.gatewayPort)}`;
  const sandbox = `http://127.0.0.1:${String(places.sandboxPort)}`;
  return {
    DATABASE_URL: places.databaseUrl,
    REDIS_URL: places.redisUrl,
    PORT: String(places.gatewayPort),
    BILLFLEET_PUBLIC_URL: gateway,
    BILLFLEET_SANDBOX_PORT: String(places.sandboxPort),
    BILLFLEET_SANDBOX_URL: sandbox,
    BILLFLEET_SANDBOX_NOTIFY_URL: `${gateway}/v1/webhooks/sandbox`,
    BILLFLEET_MAILBOX_SMTP_PORT: String(places.smtpPort),
    SMTP_URL: `smtp://127.0.0.1:${String(places.smtpPort)}`,
    BILLFLEET_HOST_WEBHOOK_URL: `${sandbox}/host/webhooks`,
    BILLFLEET_HOST_URL: `${sandbox}/host`,
  };
}
