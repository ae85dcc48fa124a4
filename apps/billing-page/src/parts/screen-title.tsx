import { Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

let hasShownOne = false;

/**
 * The heading of a screen or of a step of one. It names the window, and takes the focus when it comes in the place of another, so that
 * whoever does not see the page hears where he is.
 */
export function ScreenTitle({ children, of }: { readonly children: string; readonly of?: string }): React.JSX.Element {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · ${t('frame.title')}`;
    if (hasShownOne) heading.current?.focus();
    hasShownOne = true;
  }, [children, of, t]);
  return (
    <Title order={1} size="h2" ref={heading} tabIndex={-1}>
      {children}
    </Title>
  );
}
