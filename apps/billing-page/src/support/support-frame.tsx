import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { Suspense, use } from 'react';
import { useTranslation } from 'react-i18next';
import { PageSettings } from '../shell/page-settings.js';
import { speakSupport } from '../texts/i18n.js';
import type { Locale } from '../texts/formats.js';
import { useStaff } from './session.js';

/** The console around every screen of it: who works here, and the four places of work. */
export function SupportFrame(): React.JSX.Element {
  return (
    <div className="frame">
      <Suspense fallback={<Waiting />}>
        <Spoken />
      </Suspense>
    </div>
  );
}

function Spoken(): React.JSX.Element {
  const { i18n } = useTranslation();
  use(speakSupport(i18n.language as Locale));
  return <Framed />;
}

function Framed(): React.JSX.Element {
  const { t } = useTranslation('support');
  const { person, role } = useStaff();
  return (
    <>
      <a className="skip-link" href="#content">
        {t('frame.skip')}
      </a>
      <header className="frame-head">
        <span className="brand">{t('frame.title')}</span>
        <Group gap="sm">
          <Text size="sm">
            {t('frame.who', { name: person.name ?? person.email ?? '', role: t(`roles.${role}` as 'roles.viewer') })}
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => void leave()}>
            {t('frame.leave')}
          </Button>
        </Group>
      </header>
      <nav className="tabs" aria-label={t('frame.places')}>
        <Link to="/support" activeOptions={{ exact: true }}>
          {t('places.find')}
        </Link>
        <Link to="/support/enterprise">{t('places.enterprise')}</Link>
        <Link to="/support/money">{t('places.money')}</Link>
        <Link to="/support/work">{t('places.work')}</Link>
      </nav>
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
      <footer className="frame-foot">
        <Text size="sm" c="dimmed">
          {t('frame.record')}
        </Text>
        <PageSettings />
      </footer>
    </>
  );
}

function Waiting(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <Center mih="12rem">
      <Stack align="center">
        <Loader aria-label={t('frame.loading')} />
      </Stack>
    </Center>
  );
}

/** Ends the session; the next who comes has to sign in. */
async function leave(): Promise<void> {
  await fetch('/support/leave', { method: 'POST', headers: { 'Billfleet-Page': '1' } });
  window.location.assign('/support/sign-in');
}
