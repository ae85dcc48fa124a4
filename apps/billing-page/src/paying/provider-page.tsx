import { Button, Group, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { PayBodyProps } from './pay-body.js';
import { noteLeaving, openAttempt } from './pay-state.js';

/** The way to the provider's own page. Whoever has just ordered is taken there by himself, once. */
export function ProviderPage({
  order,
  hasBeenThere,
}: PayBodyProps & { readonly hasBeenThere: boolean }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { go } = useSearch({ strict: false });
  const attempt = openAttempt(order);
  const url = attempt?.checkoutUrl ?? undefined;
  const id = attempt?.id ?? '';
  const goesAtOnce = go === true && !hasBeenThere && url !== undefined;
  useEffect(() => {
    if (goesAtOnce) leaveFor(url, id);
  }, [goesAtOnce, url, id]);
  if (url === undefined) return null;
  return (
    <>
      <Text>{t(hasBeenThere ? 'pay.notPaidYet' : 'pay.leads.page')}</Text>
      <Group>
        <Button component="a" href={url} variant={hasBeenThere ? 'default' : 'filled'} onClick={() => noteLeaving(id)}>
          {t('pay.goOn')}
        </Button>
      </Group>
    </>
  );
}

function leaveFor(url: string, attemptId: string): void {
  noteLeaving(attemptId);
  window.location.assign(url);
}
