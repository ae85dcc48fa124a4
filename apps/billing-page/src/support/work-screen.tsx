import { SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ScreenTitle } from '../parts/screen-title.js';
import { WorkList } from './work-list.js';

const STATES = ['dead', 'waiting', 'leased'] as const;

/** Everything that is owed and not done, the hopeless first. */
export function WorkScreen(): React.JSX.Element {
  const { t } = useTranslation('support');
  const [state, setState] = useState<(typeof STATES)[number]>('dead');
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('places.work')}</ScreenTitle>
      <SegmentedControl
        aria-label={t('work.state')}
        className="states"
        value={state}
        data={STATES.map((value) => ({ value, label: t(`work.states.${value}`) }))}
        onChange={(value) => setState(value)}
      />
      <WorkList key={state} state={state} />
    </Stack>
  );
}
