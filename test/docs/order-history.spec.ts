import { languages, orderWords } from '@billfleet/contracts';
import { shownStatuses } from '@billfleet/domain';
import { expect, test } from '@jest/globals';
import { textOf } from './repository.js';

test('docs/reference/order-history.md has the words for orders as they are', () => {
  const table = textOf('docs/reference/order-history.md')
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
    .flatMap((cells) => (cells.length === 5 ? [cells.slice(0, 4)] : []));
  expect(table[0]).toEqual(['`status`', ...languages]);
  expect(table.slice(2)).toEqual(
    shownStatuses.map((status) => [`\`${status}\``, ...languages.map((one) => orderWords(one).status[status])]),
  );
});
