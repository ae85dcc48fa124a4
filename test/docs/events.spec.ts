import { describe, expect, test } from '@jest/globals';
import { eventTypes } from '@billfleet/contracts';
import type { EventContract } from '@billfleet/contracts';
import { textOf } from './repository.js';

const text = textOf('docs/reference/events.md');
const rows = [...text.matchAll(/^\| `([a-z_]+\.[a-z_]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, type, about, data]) => ({
  type,
  about,
  data,
}));

const orderFacts = Object.keys(eventTypes['order.expired'].data.shape);
const fieldsOf = ({ data }: EventContract): string => {
  const names = Object.keys(data.shape);
  const isAboutOrder = orderFacts.every((name) => names.includes(name));
  const own = names.filter((name) => !isAboutOrder || !orderFacts.includes(name)).map((name) => `\`${name}\``);
  return [...(isAboutOrder ? ['ORDER'] : []), ...own].join(', ');
};

describe('docs/reference/events.md', () => {
  test('lists every type of event with its meaning and its data, and no other', () => {
    const wanted = Object.entries<EventContract>(eventTypes).map(([type, contract]) => ({
      type,
      about: contract.about,
      data: fieldsOf(contract),
    }));
    expect(rows).toEqual(wanted);
  });

  test('says what an event about an order says of it', () => {
    expect(text).toContain(`of it: ${orderFacts.map((name) => `\`${name}\``).join(', ')}.`);
  });
});
