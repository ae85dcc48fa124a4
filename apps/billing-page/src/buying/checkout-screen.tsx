import { Alert, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useBilling, useOffers, useQuote } from '../api/queries.js';
import type { Billing, Offers, Quote } from '../api/types.js';
import { asProblem } from '../api/problem.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { LinkButton } from '../parts/link-button.js';
import { Loaded } from '../parts/loaded.js';
import { ScreenTitle } from '../parts/screen-title.js';
import { useState } from 'react';
import { useDetailsForm } from '../details/details-form.js';
import { useDetails } from '../details/use-details.js';
import type { Details } from '../details/use-details.js';
import type { WayToPay } from './checkout-form.js';
import { PaymentStep } from './payment-step.js';
import { ReviewStep } from './review-step.js';

const route = getRouteApi('/billing/checkout/$quoteId');

/** From a quote to an order, in two steps: how it is paid, and a last look. */
export function CheckoutScreen(): React.JSX.Element {
  const { quoteId } = route.useParams();
  const quote = useQuote(quoteId);
  const billing = useBilling();
  const offers = useOffers();
  return (
    <Loaded query={quote} shape={[60, 320]}>
      {(priced) => (
        <Loaded query={billing} shape={[60, 320]}>
          {(standing) => (
            <Loaded query={offers} shape={[60, 320]}>
              {(found) => <WithDetails quote={priced} billing={standing} offers={found} />}
            </Loaded>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

/** What the steps of a checkout work with. */
export type CheckoutProps = {
  readonly quote: Quote;
  readonly billing: Billing;
  readonly offers: Offers;
  readonly details: Details;
};

function WithDetails(props: Omit<CheckoutProps, 'details'>): React.JSX.Element | null {
  const { details, error } = useDetails();
  if (details !== undefined) return <Checkout {...props} details={details} />;
  return error === null ? null : <ProblemNotice problem={asProblem(error)} />;
}

function Checkout(props: CheckoutProps): React.JSX.Element {
  const { step } = route.useSearch();
  const navigate = route.useNavigate();
  const { quote, billing, details } = props;
  const [way, setWay] = useState<WayToPay>({ way: billing.method === null ? 'card' : 'stored', installments: '1' });
  const form = useDetailsForm(details);
  if (quote.orderId !== null) return <OrderedAlready orderId={quote.orderId} />;
  if (new Date(quote.expiresAt) <= new Date(billing.now)) return <QuoteOver />;
  const go = (next: 'pay' | 'review'): void => void navigate({ search: next === 'pay' ? {} : { step: next } });
  return step === 'review' ? (
    <ReviewStep {...props} way={way} onBack={() => go('pay')} />
  ) : (
    <PaymentStep {...props} form={form} way={way} onWay={setWay} onDone={() => go('review')} />
  );
}

/** A quote is good for one order: whoever comes back to it is led there. */
function OrderedAlready({ orderId }: { readonly orderId: string }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Stack>
      <ScreenTitle>{t('checkout.orderedTitle')}</ScreenTitle>
      <Alert color="blue">
        <Text>{t('checkout.ordered')}</Text>
        <LinkButton mt="sm" to="/billing/pay/$orderId" params={{ orderId }}>
          {t('checkout.toOrder')}
        </LinkButton>
      </Alert>
    </Stack>
  );
}

function QuoteOver(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Stack>
      <ScreenTitle>{t('checkout.overTitle')}</ScreenTitle>
      <Alert color="yellow">
        <Text>{t('checkout.over')}</Text>
        <LinkButton mt="sm" to="/billing/plan">
          {t('failed.toPlan')}
        </LinkButton>
      </Alert>
    </Stack>
  );
}
