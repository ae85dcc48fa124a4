import { Badge, Button, Code, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { Loaded } from '../parts/loaded.js';
import { BeforeAfter } from './before-after.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats, useStaffMay } from './session.js';

type State = 'dead' | 'waiting' | 'leased';

/** Owed work in a state: of one workspace or of all, with what went wrong and what can be done about it. */
export function WorkList({
  workspaceId,
  state,
}: {
  readonly workspaceId?: string;
  readonly state: State;
}): React.JSX.Element {
  const { t } = useTranslation('support');
  const [after, setAfter] = useState<string>();
  const query = api.useQuery('get', '/v1/support/work', {
    params: {
      query: {
        ...{ state, limit: 25 },
        ...(workspaceId === undefined ? {} : { workspaceId }),
        ...(after === undefined ? {} : { after }),
      },
    },
  });
  return (
    <Loaded query={query} shape={[90, 90]}>
      {({ work, next }) => (
        <Stack>
          {work.length === 0 ? <Text role="status">{t(`work.none.${state}`)}</Text> : null}
          {work.map((one) => (
            <WorkRow key={one.id} {...one} />
          ))}
          {next === null ? null : (
            <Button variant="default" onClick={() => setAfter(next)}>
              {t('more')}
            </Button>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

type WorkRowProps = {
  readonly id: string;
  readonly kind: string;
  readonly state: State;
  readonly attempts: number;
  readonly dueAt: string;
  readonly lastError: string | null;
  readonly workspaceId: string | null;
  readonly workspaceName: string | null;
};

function WorkRow(row: WorkRowProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { instant, count } = useStaffFormats();
  const mayAct = useStaffMay('retry-work');
  const [isOpen, setOpen] = useState(false);
  const act = row.state === 'dead' ? 'retry' : 'park';
  const { run, isRunning, problem } = useActing(
    (reason: string) =>
      taken(http.POST(`/v1/support/work/{id}/${act}`, { params: { path: { id: row.id } }, body: { reason } })),
    () => setOpen(false),
  );
  return (
    <section aria-label={t('work.row', { id: row.id, kind: row.kind })} className="entry">
      <Stack gap="xs">
        <div>
          <Badge color={row.state === 'dead' ? 'red' : 'gray'} variant="light" mr="xs">
            {t(`work.states.${row.state}`)}
          </Badge>
          <Code>{row.kind}</Code>{' '}
          {row.workspaceId === null ? null : (
            <Link to="/support/workspaces/$workspaceId" params={{ workspaceId: row.workspaceId }}>
              {row.workspaceName}
            </Link>
          )}
        </div>
        <Text size="sm">
          {t('work.tried', { count: row.attempts, shown: count(row.attempts), at: instant(row.dueAt) })}
        </Text>
        {row.lastError === null ? null : <Text size="sm">{row.lastError}</Text>}
        {isOpen ? (
          <Reasoned
            yes={t(`work.${act}.yes`)}
            isRunning={isRunning}
            problem={problem}
            onYes={run}
            onNo={() => setOpen(false)}
          >
            <BeforeAfter
              rows={[
                [row.kind, t(`work.states.${row.state}`), t(`work.states.${act === 'retry' ? 'waiting' : 'dead'}`)],
                [t('work.tries'), count(row.attempts), count(act === 'retry' ? 0 : row.attempts)],
                [t('work.due'), instant(row.dueAt), t(act === 'retry' ? 'work.atOnce' : 'work.never')],
              ]}
            />
            <Text size="sm">{t(`work.${act}.means`)}</Text>
          </Reasoned>
        ) : mayAct ? (
          <Button variant="default" size="compact-sm" w="fit-content" onClick={() => setOpen(true)}>
            {t(`work.${act}.open`)}
          </Button>
        ) : null}
      </Stack>
    </section>
  );
}
