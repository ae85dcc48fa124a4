import { Group, Paper, Stack, Title } from '@mantine/core';
import { useId } from 'react';

type PanelProps = {
  readonly title: string;
  readonly aside?: React.ReactNode;
  readonly children: React.ReactNode;
  readonly className?: string;
};

/** A part of a screen with a heading of its own. */
export function Panel({ title, aside, children, className }: PanelProps): React.JSX.Element {
  const id = useId();
  return (
    <Paper
      component="section"
      withBorder
      p="lg"
      aria-labelledby={id}
      {...(className === undefined ? {} : { className })}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {aside}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}

/** Names and values. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [string, React.ReactNode])[];
}): React.JSX.Element {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
