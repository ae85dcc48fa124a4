import { Anchor, Center, Loader, Text } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { closestLocale } from '../texts/formats.js';
import { speak } from '../texts/i18n.js';
import { useMe } from './me.js';
import { useLive } from './live.js';
import { useTheme } from './theme.js';
import { hasChosenLocale } from './preferences.js';
import { PageSettings } from './page-settings.js';

/** The page around every screen: the workspace, the four tabs, language and colours. */
export function Frame(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      <a className="skip-link" href="#content">
        {t('frame.skip')}
      </a>
      <div className="frame">
        <Suspense fallback={<Waiting />}>
          <Framed />
        </Suspense>
      </div>
    </>
  );
}

function Framed(): React.JSX.Element {
  const { t } = useTranslation();
  const { workspace, returnUrl } = useMe();
  const { id, locale } = workspace;
  const theme = useTheme();
  useLive(id);
  // Until somebody chooses a language here, the page speaks that of the workspace.
  useEffect(() => {
    const own = closestLocale(locale);
    if (!hasChosenLocale() && own !== undefined) void speak(own);
  }, [locale]);
  return (
    <>
      <header className="frame-head">
        <span className="brand">
          {(theme?.logo ?? null) === null ? null : <img src={theme?.logo ?? ''} alt={theme?.name ?? ''} />}
          {t('frame.title')}
        </span>
        <span>
          <Text span size="sm" c="dimmed">
            {workspace.name}
          </Text>{' '}
          {returnUrl === null ? null : (
            <Anchor size="sm" href={returnUrl}>
              {t('frame.back')}
            </Anchor>
          )}
        </span>
      </header>
      <Tabs />
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
      <footer className="frame-foot">
        <Text size="sm" c="dimmed">
          {t('frame.zone', { zone: workspace.timeZone.replaceAll('_', ' ') })}
        </Text>
        <PageSettings />
      </footer>
    </>
  );
}

function Tabs(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <nav className="tabs" aria-label={t('frame.tabs')}>
      <Link to="/billing/plan">{t('tabs.plan')}</Link>
      <Link to="/billing/add-ons">{t('tabs.addOns')}</Link>
      <Link to="/billing/usage">{t('tabs.usage')}</Link>
      <Link to="/billing/orders">{t('tabs.orders')}</Link>
    </nav>
  );
}

function Waiting(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Center mih="12rem" role="status" aria-busy="true" aria-label={t('frame.loading')}>
      <Loader aria-hidden="true" />
    </Center>
  );
}
