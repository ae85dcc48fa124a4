import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '@billfleet/platform';
import { fleetVariables, newSecrets } from './fleet-environment.js';

const places = {
  databaseUrl: 'postgres://postgres@127.0.0.1:20001/postgres',
  redisUrl: 'redis://127.0.0.1:20002/0',
  gatewayPort: 20003,
  sandboxPort: 20004,
  smtpPort: 20005,
};

describe('the environment of a private fleet', () => {
  test('is complete: the configuration schema asks for nothing else', () => {
    const config = loadConfig({ ...newSecrets(), ...fleetVariables(places) });
    expect(config).toMatchObject({ port: 20003, sandboxPort: 20004, sandboxUrl: 'http://127.0.0.1:20004' });
  });

  test('has secrets of its own each time', () => {
    const [one, other] = [newSecrets(), newSecrets()];
    for (const name of Object.keys(one)) expect(one[name]).not.toBe(other[name]);
  });
});
