import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taken, useActing } from '../api/acting.js';
import { api, http } from '../api/client.js';
import { Loaded } from '../parts/loaded.js';
import { Panel } from '../parts/panel.js';
import { BeforeAfter } from './before-after.js';
import { Reasoned } from './reasoned.js';
import { useStaffFormats, useStaffMay } from './session.js';

type Contract = {
  readonly id: string;
  readonly plan: string;
  readonly currency: string;
  readonly monthlyPriceMinor: string;
  readonly seatsMin: number | null;
  readonly periodMonths: readonly number[] | null;
  readonly validFrom: string;
  readonly withdrawnAt: string | null;
  readonly orders: number;
};

/** The contracts of a workspace, newest first. One that nothing was ordered under can be taken back. */
export function ContractsPanel({ workspaceId }: { readonly workspaceId: string }): React.JSX.Element {
  const { t } = useTranslation('support');
  const query = api.useQuery('get', '/v1/contracts', { params: { query: { workspaceId } } });
  return (
    <Panel title={t('contracts.title')}>
      <Loaded query={query} shape={[60]}>
        {({ items }) => (
          <Stack>
            {items.length === 0 ? <Text role="status">{t('contracts.none')}</Text> : null}
            {items.map((contract) => (
              <ContractEntry key={contract.id} contract={contract} all={items} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

type ContractEntryProps = { readonly contract: Contract; readonly all: readonly Contract[] };

function ContractEntry({ contract, all }: ContractEntryProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { day, count } = useStaffFormats();
  const mayAct = useStaffMay('manage-contracts');
  const [isOpen, setOpen] = useState(false);
  const priceOf = usePriceText();
  const { plan, validFrom, seatsMin, periodMonths, withdrawnAt, orders } = contract;
  const isWithdrawn = withdrawnAt !== null;
  return (
    <section className="entry" aria-label={t('contracts.one', { plan, day: day(validFrom) })}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600}>{t('contracts.one', { plan, day: day(validFrom) })}</Text>
          <Badge variant="light" color={isWithdrawn ? 'gray' : 'blue'}>
            {t(isWithdrawn ? 'contracts.withdrawn' : 'contracts.inForce')}
          </Badge>
        </Group>
        <Text size="sm">
          {[
            priceOf(contract),
            ...(seatsMin === null ? [] : [t('contracts.seats', { count: seatsMin, shown: count(seatsMin) })]),
            ...(periodMonths === null ? [] : [t('contracts.months', { months: periodMonths.join(', ') })]),
            t('contracts.orders', { count: orders, shown: count(orders) }),
          ].join(' · ')}
        </Text>
        {isOpen ? <Withdrawal contract={contract} all={all} onDone={() => setOpen(false)} /> : null}
        {!isOpen && mayAct && !isWithdrawn && orders === 0 ? (
          <Button variant="default" size="compact-sm" w="fit-content" onClick={() => setOpen(true)}>
            {t('contracts.withdraw')}
          </Button>
        ) : null}
      </Stack>
    </section>
  );
}

function usePriceText(): (contract: Contract) => string {
  const { t } = useTranslation('support');
  const { money } = useStaffFormats();
  return ({ monthlyPriceMinor, currency }) => t('contracts.price', { price: money(monthlyPriceMinor, currency) });
}

function Withdrawal({
  contract,
  all,
  onDone,
}: ContractEntryProps & { readonly onDone: () => void }): React.JSX.Element {
  const { t } = useTranslation('support');
  const priceOf = usePriceText();
  const { id, plan } = contract;
  const { run, isRunning, problem } = useActing(
    (reason: string) =>
      taken(http.POST('/v1/contracts/{id}/withdrawal', { params: { path: { id } }, body: { reason } })),
    onDone,
  );
  // They come newest first, and of the same plan the newest that is left counts.
  const next = all.find((one) => one.id !== id && one.plan === plan && one.withdrawnAt === null);
  return (
    <Reasoned yes={t('contracts.withdraw')} isDanger isRunning={isRunning} problem={problem} onYes={run} onNo={onDone}>
      <BeforeAfter
        rows={[
          [t('contracts.contract'), t('contracts.inForce'), t('contracts.withdrawn')],
          [
            t('contracts.newOrders', { plan }),
            priceOf(contract),
            next === undefined ? t('contracts.catalogue') : priceOf(next),
          ],
        ]}
      />
      <Text size="sm">{t('contracts.means')}</Text>
    </Reasoned>
  );
}
