import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import type { Subscription } from '../api/types.js';
import { useOffers } from '../api/queries.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { useFormats, useMe } from '../shell/me.js';
import { useMay } from '../shell/may.js';

type ScheduledPanelProps = { readonly scheduled: NonNullable<Subscription['scheduled']>; readonly endsOn: string };

/** What the next term will be, and how to take that back. */
export function ScheduledPanel({ scheduled, endsOn }: ScheduledPanelProps): React.JSX.Element {
  const { t } = useTranslation();
  const { day } = useFormats();
  const names = useNames();
  const { id } = useMe().workspace;
  const offers = useOffers().data;
  const mayBuy = useMay('buy');
  const { run, isRunning, problem } = useActing(() =>
    taken(http.DELETE('/v1/workspaces/{id}/scheduled-change', { params: { path: { id } } })),
  );
  const planName = offers?.plans.find((plan) => plan.id === scheduled.plan)?.name ?? scheduled.plan;
  const parts = [
    ...(planName === undefined ? [] : [planName]),
    ...(scheduled.seats === undefined ? [] : [names.seats(scheduled.seats)]),
    ...(scheduled.periodMonths === undefined ? [] : [names.months(scheduled.periodMonths)]),
  ];
  return (
    <Panel title={t('scheduled.title')}>
      <Text>{t('scheduled.lead', { day: day(endsOn), change: parts.join(' · ') })}</Text>
      {problem === undefined ? null : <ProblemNotice problem={problem} />}
      {mayBuy ? (
        <Group>
          <Button variant="default" loading={isRunning} onClick={() => run(undefined)}>
            {t('scheduled.undo')}
          </Button>
        </Group>
      ) : null}
    </Panel>
  );
}
