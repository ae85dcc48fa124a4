import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { http } from '../api/client.js';
import { asProblem } from '../api/problem.js';
import type { Method, Order, PricedNow } from '../api/types.js';
import { orderBody } from '../buying/checkout-form.js';
import { QuoteLines } from '../buying/quote-lines.js';
import { LinkButton } from '../parts/link-button.js';
import { Panel } from '../parts/panel.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';

/** A price is kept for half an hour; the one on the screen is asked for anew well before. */
const FRESH_MS = 600_000;

/** The same once more, at the price of today, which may be another one: it is shown before anything is ordered. */
export function OrderAgain({ order }: { readonly order: Order }): React.JSX.Element | null {
  const { t } = useTranslation();
  const { again, workspaceId } = order;
  const mayBuy = useMay('buy');
  const isPriced = again !== null && mayBuy;
  const { data, error } = useQuery({
    queryKey: ['again', order.id],
    queryFn: () =>
      taken<PricedNow>(http.POST('/v1/quotes', { body: { workspaceId, ...(again ?? { kind: 'renewal' }) } })),
    enabled: isPriced,
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
    retry: false,
  });
  if (!isPriced) return null;
  return (
    <Panel title={t('again.title')}>
      {error === null ? null : <ProblemNotice problem={asProblem(error)} />}
      {data === undefined && error === null ? <Skeleton height={120} aria-busy="true" /> : null}
      {data === undefined ? null : <Priced order={order} quote={data} />}
    </Panel>
  );
}

function Priced({ order, quote }: { readonly order: Order; readonly quote: PricedNow }): React.JSX.Element {
  const { t } = useTranslation();
  const { money, day, time } = useFormats();
  const { amountMinor, currency } = quote;
  const [price, before] = [money(amountMinor, currency), money(order.amountMinor, order.currency)];
  return (
    <>
      <QuoteLines lines={quote.lines} currency={currency} />
      <Text fw={700} size="lg" className="number">
        {t('quote.today', { amount: price })}
      </Text>
      <Text size="sm">{t(price === before ? 'again.same' : 'again.other', { before })}</Text>
      <Text size="sm" c="dimmed">
        {`${t('review.noShortening', { end: day(quote.endsOn) })} ${t('review.priceUntil', { time: time(quote.expiresAt) })}`}
      </Text>
      <Buttons order={order} quote={quote} />
    </>
  );
}

/** One press orders the same in the same way, unless something is missing or another way is wanted: that is the checkout's. */
function Buttons({ order, quote }: { readonly order: Order; readonly quote: PricedNow }): React.JSX.Element {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id: quoteId, workspaceId, detailsNeeded } = quote;
  const params = { header: { 'Idempotency-Key': `page-order-${quoteId}` } };
  const body = orderBody(wayOf(order, quote), { workspaceId, quoteId, storedMethod: undefined });
  const { run, isRunning, problem } = useActing(
    () => taken(http.POST('/v1/orders', { params, body })),
    ({ id }) => void navigate({ to: '/billing/pay/$orderId', params: { orderId: id }, search: { go: true } }),
  );
  const isWhole = detailsNeeded.length === 0;
  return (
    <>
      {problem === undefined ? null : <ProblemNotice problem={problem} />}
      <Group>
        {isWhole ? (
          <Button loading={isRunning} onClick={() => run(undefined)}>
            {t('again.order')}
          </Button>
        ) : null}
        <LinkButton to="/billing/checkout/$quoteId" params={{ quoteId }} variant={isWhole ? 'default' : 'filled'}>
          {t('again.checkout')}
        </LinkButton>
      </Group>
    </>
  );
}

/** As it was to be paid before, in as many parts as are still on offer. */
function wayOf(
  { method, installments }: Order,
  quote: PricedNow,
): { readonly way: Method; readonly installments: string } {
  const way = method === 'pix' || method === 'paypal' ? method : 'card';
  const isOffered = quote.installments.some(({ count }) => count === installments);
  return { way, installments: String(isOffered ? installments : 1) };
}
