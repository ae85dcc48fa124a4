import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { linesOf } from '../api/types.js';
import type { Line } from '../api/types.js';
import { useNames } from '../parts/names.js';
import { useFormats } from '../shell/me.js';

type QuoteLinesProps = { readonly lines: unknown; readonly currency: string };

/** Each line with its amount and how that came about: a pocket calculator can follow it. */
export function QuoteLines({ lines, currency }: QuoteLinesProps): React.JSX.Element {
  const { money } = useFormats();
  return (
    <dl className="pairs">
      {linesOf(lines).map((line, index) => (
        <LineShown key={index} line={line} currency={currency} amount={money(line.amountMinor, currency)} />
      ))}
    </dl>
  );
}

type LineProps = { readonly line: Line; readonly currency: string; readonly amount: string };

function LineShown({ line, currency, amount }: LineProps): React.JSX.Element {
  const name = useLineName()(line);
  const how = useArithmetic()(line, currency);
  return (
    <>
      <dt>
        {name}
        <Text size="sm" c="dimmed" className="number">
          {how}
        </Text>
      </dt>
      <dd>{amount}</dd>
    </>
  );
}

/** What a line is for. */
function useLineName(): (line: Line) => string {
  const { t } = useTranslation();
  const names = useNames();
  return ({ description, quantity }) => {
    const { kind, planName: plan = '', fromPlanName: from = '', addOnName: addOn = '' } = description;
    const seats = names.seats(quantity);
    const months = names.months(description.periodMonths ?? description.months ?? 0);
    if (kind === 'plan-seats') return t('lines.planSeats', { plan, seats, months });
    if (kind === 'plan-upgrade') return t('lines.upgrade', { from, plan, seats });
    if (kind === 'added-seats') return t('lines.addedSeats', { plan, seats });
    if (kind === 'returned-seats') return t('lines.returnedSeats', { plan, seats });
    return t('lines.addOn', { addOn, months });
  };
}

/** The calculation, with the server's own numbers. */
function useArithmetic(): (line: Line, currency: string) => string {
  const { t } = useTranslation();
  const { money, count, day } = useFormats();
  return ({ quantity, unitMinor, derivation }, currency) => {
    const { proration } = derivation;
    const values = { quantity: count(quantity), unit: money(unitMinor, currency) };
    if (proration === undefined) return t('lines.whole', values);
    const { left, whole, convention, start, end } = proration.term;
    const isInDays = convention !== 'second';
    const part = { ...values, left: count(Number(left)), whole: count(Number(whole)) };
    const isExact = proration.exactMinor.denominator === '1';
    const sum = t(isInDays ? 'lines.days' : 'lines.seconds', part);
    const rounded = isExact ? '' : ` ${t('lines.rounded')}`;
    return `${sum}${rounded}${isInDays ? ` ${t('lines.termDays', { from: day(start), to: day(end) })}` : ''}`;
  };
}
