import { expect, test } from '@jest/globals';
import { FailedLogins } from './failed-logins.js';

test('an address that failed too often waits until its minute is over', () => {
  let nowMs = 0;
  const failures = new FailedLogins({ triesMax: 3, nowMs: () => nowMs });
  for (let tries = 0; tries < 3; tries += 1) {
    expect(failures.waitSeconds('192.0.2.1')).toBe(0);
    failures.record('192.0.2.1');
    nowMs += 1_000;
  }
  expect(failures.waitSeconds('192.0.2.1')).toBe(57);
  expect(failures.waitSeconds('192.0.2.2')).toBe(0);
  nowMs = 60_000;
  expect(failures.waitSeconds('192.0.2.1')).toBe(0);
  failures.record('192.0.2.1');
  expect(failures.waitSeconds('192.0.2.1')).toBe(0);
});

test('addresses are forgotten in the order in which they failed, so memory is bounded', () => {
  const failures = new FailedLogins({ triesMax: 1, nowMs: () => 0 });
  for (let index = 0; index <= 10_000; index += 1) failures.record(`address ${String(index)}`);
  expect(failures.waitSeconds('address 0')).toBe(0);
  expect(failures.waitSeconds('address 1')).toBe(60);
});
