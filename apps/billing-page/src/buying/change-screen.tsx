import { Button, Group, Stack, Text } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { useBilling, useOffers } from '../api/queries.js';
import type { Billing, Offers } from '../api/types.js';
import { Loaded } from '../parts/loaded.js';
import { LinkButton } from '../parts/link-button.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useMay } from '../shell/may.js';
import { ChangeFields } from './change-fields.js';
import { QuotePanel } from './quote-panel.js';
import { usePreview } from './use-preview.js';
import type { Preview, PreviewState } from './use-preview.js';
import { completed } from './complete-wish.js';

const route = getRouteApi('/billing/change');

/** One choice at a time, with its price beside it. */
export function ChangeScreen(): React.JSX.Element {
  const { t } = useTranslation();
  const { kind, seats } = route.useSearch();
  const billing = useBilling();
  const offers = useOffers(kind === 'add-on' ? undefined : seats);
  return (
    <Stack gap="lg">
      <ScreenTitle>{t(`choose.titles.${kind}`)}</ScreenTitle>
      <Loaded query={billing} shape={[280]}>
        {(standing) => (
          <Loaded query={offers} shape={[280]}>
            {(found) => <Choice billing={standing} offers={found} />}
          </Loaded>
        )}
      </Loaded>
    </Stack>
  );
}

function Choice({ billing, offers }: { readonly billing: Billing; readonly offers: Offers }): React.JSX.Element {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const wish = completed(search, billing, offers);
  const isWhole = JSON.stringify(wish) === JSON.stringify(search);
  // What the address leaves open is filled in there, so that a link to what is seen is a link to just that.
  useEffect(() => {
    if (!isWhole) void navigate({ search: wish, replace: true, resetScroll: false });
  }, [isWhole, navigate, wish]);
  const preview = usePreview(wish, billing);
  return (
    <div className="columns">
      <ChangeFields
        wish={wish}
        billing={billing}
        offers={offers}
        problem={preview.problem}
        onChange={(next) => void navigate({ search: { ...wish, ...next }, replace: true, resetScroll: false })}
      />
      <QuotePanel quote={preview.quote} isOld={!preview.isCurrent} isPricing={preview.isPricing}>
        {preview.problem === undefined ? null : <ProblemNotice problem={preview.problem} />}
        <Continue preview={preview} />
      </QuotePanel>
    </div>
  );
}

/** Possible only while the total that is shown belongs to what is chosen. */
function Continue({ preview }: { readonly preview: PreviewState }): React.JSX.Element {
  const { t } = useTranslation();
  const { quote, isCurrent } = preview;
  const mayBuy = useMay('buy');
  if (!mayBuy) return <Text c="dimmed">{t('plan.needsAdmin')}</Text>;
  if (quote?.kind === 'scheduled-change') return <Schedule quote={quote} isCurrent={isCurrent} />;
  return (
    <Group>
      {quote !== undefined && isCurrent ? (
        <LinkButton to="/billing/checkout/$quoteId" params={{ quoteId: quote.id }}>
          {t('choose.continue')}
        </LinkButton>
      ) : (
        <Button disabled>{t('choose.continue')}</Button>
      )}
      <LinkButton to="/billing/plan" variant="subtle">
        {t('choose.leave')}
      </LinkButton>
    </Group>
  );
}

/** A change of the next term costs nothing today: it is written down, and can be taken back until then. */
function Schedule({ quote, isCurrent }: { readonly quote: Preview; readonly isCurrent: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id: quoteId, workspaceId } = quote;
  const { run, isRunning, problem } = useActing(
    () =>
      taken(
        http.PUT('/v1/workspaces/{id}/scheduled-change', { params: { path: { id: workspaceId } }, body: { quoteId } }),
      ),
    () => void navigate({ to: '/billing/plan' }),
  );
  return (
    <>
      <Text size="sm">{t('choose.scheduleLead')}</Text>
      {problem === undefined ? null : <ProblemNotice problem={problem} />}
      <Group>
        <Button disabled={!isCurrent} loading={isRunning} onClick={() => run(undefined)}>
          {t('choose.schedule')}
        </Button>
        <LinkButton to="/billing/plan" variant="subtle">
          {t('choose.leave')}
        </LinkButton>
      </Group>
    </>
  );
}
