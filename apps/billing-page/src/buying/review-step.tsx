import { Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import type { Quote } from '../api/types.js';
import { maskedTaxId } from '../details/payer-fields.js';
import { useNames } from '../parts/names.js';
import { Panel } from '../parts/panel.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useFormats } from '../shell/me.js';
import { orderBody } from './checkout-form.js';
import type { WayToPay } from './checkout-form.js';
import type { CheckoutProps } from './checkout-screen.js';
import { QuotePanel } from './quote-panel.js';
import type { ChangeSearch } from './wish.js';

type ReviewStepProps = CheckoutProps & { readonly way: WayToPay; readonly onBack: () => void };

/** Refusals that say that this quote has its order already, from a double click or another tab. */
const ORDERED = ['quote_used', 'idempotency_key_reused'];

/** Everything once more, with the rules that cannot be undone, before anything is ordered. */
export function ReviewStep(props: ReviewStepProps): React.JSX.Element {
  const { t } = useTranslation();
  const { quote, billing, way, onBack } = props;
  const { money } = useFormats();
  const navigate = useNavigate();
  const stored = billing.method?.method;
  const { run, isRunning, problem } = useActing(
    () => {
      const of = { workspaceId: quote.workspaceId, quoteId: quote.id, storedMethod: stored };
      // The key follows from the quote, which is good for one order: whatever is pressed, reloaded or opened twice orders once.
      const params = { header: { 'Idempotency-Key': `page-order-${quote.id}` } };
      return taken(http.POST('/v1/orders', { params, body: orderBody(way, of) }));
    },
    ({ id }) =>
      void navigate({ to: '/billing/pay/$orderId', params: { orderId: id }, search: { go: true }, replace: true }),
  );
  return (
    <Stack gap="lg">
      <ScreenTitle>{t('review.title')}</ScreenTitle>
      <div className="columns">
        <Stack gap="lg">
          <Chosen {...props} />
          <Rules quote={quote} />
          {problem === undefined || ORDERED.includes(problem.code) ? null : <ProblemNotice problem={problem} />}
          {problem !== undefined && ORDERED.includes(problem.code) ? (
            <Text role="status">{t('checkout.ordered')}</Text>
          ) : null}
          <Text fw={700} size="lg" className="number">
            {t('quote.today', { amount: money(quote.amountMinor, quote.currency) })}
          </Text>
          <Group>
            <Button size="md" loading={isRunning} onClick={() => run(undefined)}>
              {t(way.way === 'stored' ? 'review.payStored' : 'review.order')}
            </Button>
            <Button variant="default" onClick={onBack}>
              {t('review.back')}
            </Button>
          </Group>
        </Stack>
        <QuotePanel quote={quote} isOld={false} isPricing={false} />
      </div>
    </Stack>
  );
}

/** Where a choice can be changed once more. */
function choiceOf(quote: Quote): ChangeSearch {
  const { kind, plan, seats, periodMonths, addOn } = quote;
  if (kind === 'purchase') return { kind, plan, seats, period: periodMonths };
  if (kind === 'upgrade' || kind === 'upgrade-and-add-seats') return { kind: 'upgrade', plan, seats };
  if (kind === 'add-seats') return { kind, seats };
  if (kind === 'extension') return { kind, period: periodMonths };
  if (kind === 'add-on' && addOn !== undefined)
    return { kind, addOn: addOn.id, packages: addOn.packages, term: addOn.termMonths };
  return { kind: 'renewal' };
}

function Chosen({ quote, billing, offers, details, way: { way }, onBack }: ReviewStepProps): React.JSX.Element {
  const { t } = useTranslation();
  const { day } = useFormats();
  const names = useNames();
  const taxpayer = details.taxpayer.details;
  const planName = offers.plans.find(({ id }) => id === quote.plan)?.name ?? quote.plan;
  const addOn = offers.addOns.find(({ id }) => id === quote.addOn?.id)?.name;
  const method =
    way === 'stored' && billing.method !== null ? names.method(billing.method) : names.method({ method: way });
  const what = addOn ?? `${planName} · ${names.seats(quote.seats)} · ${names.months(quote.periodMonths)}`;
  return (
    <Panel title={t('review.chosen')}>
      <dl className="pairs">
        <dt>{what}</dt>
        <dd>
          <Anchor renderRoot={(rest) => <Link {...rest} to="/billing/change" search={choiceOf(quote)} />}>
            {t('review.edit')}
          </Anchor>
        </dd>
        <dt>{t('review.days', { from: day(quote.startsOn), to: day(quote.endsOn) })}</dt>
        <dd />
        <dt>{t('review.paidBy', { method })}</dt>
        <dd>
          <Anchor component="button" type="button" onClick={onBack}>
            {t('review.edit')}
          </Anchor>
        </dd>
        {taxpayer === null ? null : (
          <>
            <dt>{t('review.taxpayer', { name: taxpayer.name, taxId: maskedTaxId(taxpayer.taxId) })}</dt>
            <dd>
              <Anchor component="button" type="button" onClick={onBack}>
                {t('review.edit')}
              </Anchor>
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

/** What cannot be undone is said before it is paid. */
function Rules({ quote }: { readonly quote: Quote }): React.JSX.Element {
  const { t } = useTranslation();
  const { day, time } = useFormats();
  const isTerm = quote.kind !== 'add-on';
  return (
    <Panel title={t('review.rules')}>
      <List size="sm" spacing="xs">
        {isTerm ? <List.Item>{t('review.noShortening', { end: day(quote.endsOn) })}</List.Item> : null}
        <List.Item>{t('review.noRefund')}</List.Item>
        <List.Item>{t('review.applied')}</List.Item>
        <List.Item>{t('review.priceUntil', { time: time(quote.expiresAt) })}</List.Item>
      </List>
    </Panel>
  );
}
