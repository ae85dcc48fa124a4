// Once per test FILE: a database of its own, cloned from the migrated template, and a queue prefix of its own.
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import pg from 'pg';

// @nestjs/typeorm warns while modules are imported when two of them register a data source; that is normal in a test.
Logger.overrideLogger(['error', 'fatal']);

const {
  BILLFLEET_TEST_SERVER_URL: serverUrl,
  BILLFLEET_TEST_TEMPLATE: template,
  BILLFLEET_TEST_RUN: run,
} = process.env;
const id = `${run}_${randomBytes(4).toString('hex')}`;
const database = `billfleet_test_${id}`;

const admin = new pg.Client({ connectionString: serverUrl });
await admin.connect();
await admin.query(`create database "${database}" template "${template}" strategy file_copy`);
await admin.end();

const url = new URL(serverUrl);
url.pathname = `/${database}`;
process.env.DATABASE_URL = url.href;
process.env.BILLFLEET_QUEUE_PREFIX = `test-${id.replaceAll('_', '-')}`;
