import { Button, CopyButton, Stack, Text, Textarea, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Billing, Order } from '../api/types.js';
import { Panel } from '../parts/panel.js';
import { useFormats } from '../shell/me.js';
import { CodeOver } from './code-over.js';
import { openAttempt } from './pay-state.js';
import { QrCode } from './qr-code.js';

const SECOND_MS = 1_000;
const MINUTE_S = 60;
/** Seconds that are left when the time is said aloud again; it is also said when the code appears. */
const SAID_AT_S = [300, 60] as const;
const COPIED_MS = 4_000;

/** A Pix code: to copy, to scan, until when, and what happens when the time is over. */
export function PixPanel({
  order,
  billing,
}: {
  readonly order: Order;
  readonly billing: Billing;
}): React.JSX.Element | null {
  const { t } = useTranslation();
  const { instant } = useFormats();
  const attempt = openAttempt(order);
  const expiresAt = attempt?.expiresAt ?? order.expiresAt;
  const secondsLeft = useSecondsLeft(expiresAt, billing.now);
  const code = attempt?.pixCode ?? null;
  if (code === null) return null;
  if (secondsLeft <= 0) return <CodeOver order={order} />;
  return (
    <Panel title={t('pix.title')} className="pix">
      <Text>{t('pix.lead')}</Text>
      <div className="pix-ways">
        <PixCode code={code} />
        <div className="pix-qr">
          <QrCode text={code} label={t('pix.qr')} />
        </div>
      </div>
      <Text className="number" fw={600}>
        {t('pix.until', { time: instant(expiresAt), left: clockOf(secondsLeft) })}
      </Text>
      <TimeSaid secondsLeft={secondsLeft} at={instant(expiresAt)} />
      <Text size="sm">{t('pix.detected')}</Text>
      <Text size="sm" c="dimmed">
        {t('pix.lateOrTwice')}
      </Text>
      <Text size="sm" c="dimmed">
        {t('checkout.pixRenewal')}
      </Text>
    </Panel>
  );
}

/** `now` is the server's: the clock of a computer may be wrong, and a workspace may stand on a clock of its own. */
function useSecondsLeft(expiresAt: string, now: string): number {
  const [ahead] = useState(() => new Date(now).getTime() - Date.now());
  const [at, setAt] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setAt(Date.now()), SECOND_MS);
    return () => window.clearInterval(timer);
  }, []);
  return Math.max(0, Math.floor((new Date(expiresAt).getTime() - at - ahead) / SECOND_MS));
}

function clockOf(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / MINUTE_S), seconds % MINUTE_S];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** Said when the code appears, with five minutes and with one minute left, and never in between. */
function TimeSaid({ secondsLeft, at }: { readonly secondsLeft: number; readonly at: string }): React.JSX.Element {
  const { t } = useTranslation();
  const stage = SAID_AT_S.filter((limit) => secondsLeft <= limit).at(-1);
  const said = stage === undefined ? t('pix.saidStart', { time: at }) : t('pix.saidLeft', { count: stage / MINUTE_S });
  return <VisuallyHidden role="status">{said}</VisuallyHidden>;
}

function PixCode({ code }: { readonly code: string }): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" className="pix-code">
      <Textarea label={t('pix.code')} value={code} readOnly autosize={false} rows={5} className="number" />
      <CopyButton value={code} timeout={COPIED_MS}>
        {({ copied, copy }) => (
          <>
            <Button onClick={copy}>{t(copied ? 'pix.copied' : 'pix.copy')}</Button>
            <VisuallyHidden role="status">{copied ? t('pix.copied') : ''}</VisuallyHidden>
          </>
        )}
      </CopyButton>
    </Stack>
  );
}
