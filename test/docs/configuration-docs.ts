import { ConfigError, loadConfig, variableDocs } from '@billfleet/platform';
import type { VariableDoc } from '@billfleet/platform';

/** Set by docker-compose.yml for an image of others, so the schema does not know it. */
export const COMPOSE_ONLY = 'POSTGRES_PASSWORD';

const WIDTH = 100;

/** No variable takes this, except those that take every text. */
const IMPOSSIBLE = '\u0000'.repeat(600);

/** What each variable takes, in the words of its own error. */
function wantedByName(): ReadonlyMap<string, string> {
  try {
    loadConfig(Object.fromEntries(variableDocs.map(({ name }) => [name, IMPOSSIBLE])));
  } catch (error) {
    if (error instanceof ConfigError) return new Map(error.faults.map(({ name, wanted }) => [name, wanted]));
    throw error;
  }
  return new Map();
}

function comment(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}

function exampleOf({ name, about, example, fallback }: VariableDoc): string {
  const wanted = wantedByName().get(name);
  const takes = wanted === undefined ? '' : ` Takes ${wanted}.`;
  if (fallback === undefined) return `${comment(`Required. ${about}${takes}`)}\n# Example: ${example}\n${name}=\n`;
  return `${comment(`${about}${takes}`)}\n# Example: ${example}\n# ${name}=${fallback}\n`;
}

/** Text of config/example.env. */
export function exampleEnv(): string {
  const head = `# Every variable that the fleet reads, for an environment file. What is commented out shows its default.
# Made from libs/platform/src/config-schema.ts: UPDATE_DOCS=1 ./billfleet test test/docs
#
# docker-compose.yml reads .env and sets by itself what joins its containers: DATABASE_URL, REDIS_URL, HOST, the health
# and sandbox ports, and the sandbox's addresses. Without containers ./billfleet finds or makes what is required.

# Required by docker-compose.yml alone: the password of its PostgreSQL, of letters and digits, since it is part of a URL.
# Example: 0123456789abcdef0123456789abcdef
${COMPOSE_ONLY}=
`;
  return [head, ...variableDocs.map(exampleOf)].join('\n');
}

/** The table of docs/reference/configuration.md. */
export function configurationTable(): string {
  const wanted = wantedByName();
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const code = (text: string): string => (text === '' ? '(empty)' : `\`${cell(text)}\``);
  const rows = variableDocs.map(({ name, about, example, secret, fallback }) =>
    [
      '',
      `\`${name}\`${secret ? ' (secret)' : ''}`,
      cell(about),
      cell(wanted.get(name) ?? 'any text'),
      fallback === undefined ? '**required**' : code(fallback),
      code(example),
      '',
    ]
      .join(' | ')
      .trim(),
  );
  return ['| Variable | What it is for | Takes | Default | Example |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
