import { actions, mayRole, permissions, roles } from '@billfleet/domain';
import { expect, test } from '@jest/globals';
import { textOf } from './repository.js';

test('docs/reference/roles.md shows the table of roles as it is', () => {
  const rows = textOf('docs/reference/roles.md')
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  const [head, ...table] = rows;
  expect(head).toEqual(['Action', 'What it is', ...roles]);
  expect(table).toEqual(
    actions.map((action) => [
      `\`${action}\``,
      permissions[action].about,
      ...roles.map((role) => (mayRole(role, action) ? 'yes' : 'no')),
    ]),
  );
});
