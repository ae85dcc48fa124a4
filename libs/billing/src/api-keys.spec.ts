import { describe, expect, test } from '@jest/globals';
import type { Queryable } from '@billfleet/store';
import { ApiKeys, hashSecret } from './api-keys.js';

const SECRET = 's'.repeat(40);
const row = {
  id: '0190a000-0000-7000-8000-0000000000a1',
  prefix: 'abcdef12',
  secretHash: hashSecret(SECRET),
  name: 'shop',
  scopes: ['publish'],
  workspaceId: null,
};

/** A table with one key, which says what it was asked for. */
class KeyTable implements Queryable {
  readonly asked: string[] = [];
  rows: readonly unknown[] = [row];

  query<Row>(_statement: string, values: readonly unknown[] = []): Promise<Row[]> {
    const prefixes = values[0] as readonly string[];
    this.asked.push(...prefixes);
    return Promise.resolve((prefixes.includes(row.prefix) ? this.rows : []) as Row[]);
  }
}

const header = (prefix: string, secret = SECRET): string => `Bearer bf_${prefix}_${secret}`;
const invented = (index: number): string => header(`zz${String(index).padStart(8, '0')}`);

describe('ApiKeys', () => {
  test('asks once for a key, and once for a prefix that is none', async () => {
    const table = new KeyTable();
    const keys = new ApiKeys(table, 60_000);
    for (let times = 0; times < 3; times += 1) {
      expect((await keys.authenticate(header('abcdef12')))?.name).toBe('shop');
      expect(await keys.authenticate(invented(1))).toBeUndefined();
    }
    expect(table.asked).toEqual(['abcdef12', 'zz00000001']);
  });

  test('keeps good keys, however many are invented', async () => {
    const table = new KeyTable();
    const keys = new ApiKeys(table, 60_000);
    await keys.authenticate(header('abcdef12'));
    for (let index = 0; index < 12_000; index += 1) await keys.authenticate(invented(index));
    await keys.authenticate(header('abcdef12'));
    expect(table.asked.filter((prefix) => prefix === 'abcdef12')).toHaveLength(1);
    // Memory is bounded: the first invention has made room.
    await keys.authenticate(invented(0));
    expect(table.asked.at(-1)).toBe('zz00000000');
  });

  test('knows keys that were found, until they are gone', async () => {
    const table = new KeyTable();
    const keys = new ApiKeys(table, 0);
    expect(keys.knows(header('abcdef12'))).toBe(false);
    await keys.authenticate(header('abcdef12'));
    expect(keys.knows(header('abcdef12'))).toBe(true);
    expect(keys.knows(undefined)).toBe(false);
    table.rows = [];
    expect(await keys.authenticate(header('abcdef12'))).toBeUndefined();
    expect(keys.knows(header('abcdef12'))).toBe(false);
  });
});
