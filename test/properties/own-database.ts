import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A migrated database that nobody else has. */
export type OwnDatabase = { readonly url: string; drop(): Promise<void> };

async function asAdmin(sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: process.env['BILLFLEET_TEST_SERVER_URL'] });
  await admin.connect();
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}

/** Clones the template of the tests: what one run of a property leaves behind is nothing that the next one finds. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const name = `billfleet_property_${process.env['BILLFLEET_TEST_RUN'] ?? ''}_${randomBytes(4).toString('hex')}`;
  await asAdmin(
    `create database "${name}" template "${process.env['BILLFLEET_TEST_TEMPLATE'] ?? ''}" strategy file_copy`,
  );
  const url = new URL(process.env['BILLFLEET_TEST_SERVER_URL'] ?? '');
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`drop database "${name}" with (force)`) };
}
