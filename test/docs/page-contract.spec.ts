import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createBase, loadConfig } from '@billfleet/platform';
import { fleetVariables, newSecrets } from '../../apps/cli/src/fleet-environment.js';
import { GatewayModule } from '../../apps/gateway/src/app.module.js';
import { writtenOpenApi } from '../../apps/gateway/src/openapi.js';
import { root, textOf } from './repository.js';

const DOCUMENT = 'docs/reference/openapi.json';
const TYPES = 'apps/billing-page/src/api/schema.ts';

/** The document that the gateway of this checkout would serve. */
async function writtenDocument(): Promise<string> {
  const servers = { databaseUrl: 'postgres://127.0.0.1:1/none', redisUrl: 'redis://127.0.0.1:1' };
  const ports = { gatewayPort: 3000, sandboxPort: 3010, smtpPort: 3025 };
  const config = loadConfig({ ...newSecrets(), ...fleetVariables({ ...servers, ...ports }), NODE_ENV: 'test' });
  const document = await writtenOpenApi(GatewayModule.with(createBase('gateway', { ...config, logLevel: 'silent' })));
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** What openapi-typescript makes of a document. */
function typesOf(document: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-openapi-'));
  try {
    const file = path.join(folder, 'openapi.json');
    writeFileSync(file, document);
    const tool = path.join(root, 'node_modules/openapi-typescript/bin/cli.js');
    return execFileSync(process.execPath, [tool, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the contract between the gateway and the billing page', () => {
  let document = '';
  let types = '';

  beforeAll(async () => {
    document = await writtenDocument();
    types = typesOf(document);
    // Whoever changes a route or a contract brings both files up to date with UPDATE_DOCS=1.
    if (process.env['UPDATE_DOCS'] !== '1') return;
    writeFileSync(path.join(root, DOCUMENT), document);
    writeFileSync(path.join(root, TYPES), types);
  }, 60_000);

  test('the committed OpenAPI document is the one that the gateway serves', () => {
    expect(textOf(DOCUMENT)).toBe(document);
  });

  test('the types of the page are those of the document', () => {
    expect(readFileSync(path.join(root, TYPES), 'utf8')).toBe(types);
  });
});
