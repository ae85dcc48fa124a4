import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { usageCsv } from './usage-csv.js';
import type { UsageToWrite } from './usage-csv.js';

const crossing: UsageToWrite = {
  ...{ at: '2026-10-06T01:30:05.123Z', label: 'Leads', kind: 'crossing', amount: 75, after: 19_500 },
  ...{ limitAmount: 25_000, action: null },
};
const spend: UsageToWrite = {
  ...{ at: '2026-10-05T15:00:00Z', label: 'AI credits', kind: 'spend', amount: -12, after: 88 },
  ...{ limitAmount: null, action: '=cmd()' },
};

async function* pages(...lines: readonly UsageToWrite[]) {
  yield await Promise.resolve(lines);
}

test('thresholds and credits are told line by line, in the zone and the language of their reader, and no text is a formula', async () => {
  const csv = await text(usageCsv(pages(crossing, spend), { language: 'pt-BR', timeZone: 'America/Sao_Paulo' }));
  expect(csv.split('\r\n')).toEqual([
    'Data (America/Sao_Paulo),Limite,O quê,Créditos,Usado,Restam,De,Para',
    '2026-10-05 22:30:05,Leads,75 % atingido,,19500,,25000,',
    "2026-10-05 12:00:00,AI credits,Gastos,-12,,88,,'=cmd()",
    '',
  ]);
});

test('a page that cannot be read breaks the file off', async () => {
  async function* broken() {
    yield await Promise.resolve([crossing]);
    throw new Error('away');
  }
  await expect(text(usageCsv(broken(), { language: 'en', timeZone: 'UTC' }))).rejects.toThrow('away');
});
