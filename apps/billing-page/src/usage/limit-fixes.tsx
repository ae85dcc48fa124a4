import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLimitFixes, useOffers } from '../api/queries.js';
import type { LimitFix } from '../api/types.js';
import type { ChangeSearch } from '../buying/wish.js';
import { LinkButton } from '../parts/link-button.js';
import { useNames } from '../parts/names.js';
import { useFormats } from '../shell/me.js';
import { useMay } from '../shell/may.js';

/** What raises a limit that is nearly used up, the cheapest first, each as small as it can be; the prices are the server's. */
export function LimitFixes({ meter }: { readonly meter: string }): React.JSX.Element | null {
  const { t } = useTranslation();
  const mayBuy = useMay('buy');
  const { data } = useLimitFixes(mayBuy);
  if (!mayBuy || data === undefined) return null;
  const fixes = data.meters.find((one) => one.meter === meter)?.fixes ?? [];
  return (
    <Stack gap="xs">
      {fixes.length === 0 ? null : <Text size="sm">{t('usage.fixes')}</Text>}
      {fixes.map((fix) => (
        <Fix key={JSON.stringify(fix.wish)} fix={fix} />
      ))}
      <Group>
        <LinkButton size="xs" variant="subtle" to="/billing/plans">
          {t('usage.comparePlans')}
        </LinkButton>
      </Group>
    </Stack>
  );
}

function Fix({ fix }: { readonly fix: LimitFix }): React.JSX.Element {
  const { t } = useTranslation();
  const { money, count } = useFormats();
  const nameOf = useFixName();
  const { limitAfter, amountMinor, currency } = fix;
  const values = { amount: money(amountMinor, currency) };
  return (
    <Stack gap={2} align="start">
      <LinkButton size="xs" variant="default" to="/billing/change" search={searchOf(fix)}>
        {nameOf(fix)}
      </LinkButton>
      <Text size="sm" className="number">
        {limitAfter === 'unlimited'
          ? t('usage.fixUnlimited', values)
          : t('usage.fixTo', { ...values, limit: count(limitAfter) })}
      </Text>
    </Stack>
  );
}

/** The choice that a fix opens, with its numbers filled in. */
function searchOf({ wish, seatsAfter }: LimitFix): ChangeSearch {
  if (wish.kind === 'add-on') {
    const { kind, addOn, packages, termMonths: term } = wish;
    return { kind, addOn, packages, term };
  }
  return wish.kind === 'upgrade' ? { kind: wish.kind, plan: wish.plan } : { kind: 'add-seats', seats: seatsAfter };
}

/** What a fix is, in words. */
function useFixName(): (fix: LimitFix) => string {
  const { t } = useTranslation();
  const { count } = useFormats();
  const names = useNames();
  const offers = useOffers().data;
  return ({ wish }) => {
    if (wish.kind === 'add-on') {
      const name = offers?.addOns.find(({ id }) => id === wish.addOn)?.name ?? wish.addOn;
      return t('usage.buy', { name: wish.packages === 1 ? name : `${count(wish.packages)} × ${name}` });
    }
    if (wish.kind === 'upgrade')
      return t('choose.upgradeTo', { plan: offers?.plans.find(({ id }) => id === wish.plan)?.name ?? wish.plan });
    return t('usage.addSeats', { seats: names.seats(wish.kind === 'add-seats' ? wish.seats : 0) });
  };
}
