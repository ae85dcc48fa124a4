import { Group, NativeSelect, useMantineColorScheme } from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { closestLocale } from '../texts/formats.js';
import { speak } from '../texts/i18n.js';
import { rememberLocale } from './preferences.js';

const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Español' },
  { value: 'pt-BR', label: 'Português (Brasil)' },
];
const SCHEMES = ['auto', 'light', 'dark'] as const;

/** Language and colours, remembered for the next visit. */
export function PageSettings(): React.JSX.Element {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = (wish: string): void => {
    const locale = closestLocale(wish);
    if (locale === undefined) return;
    rememberLocale(locale);
    void speak(locale);
  };
  return (
    <Group gap="md" align="end">
      <NativeSelect
        label={t('frame.language')}
        size="xs"
        data={LANGUAGES}
        value={i18n.language}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('frame.colours')}
        size="xs"
        data={SCHEMES.map((value) => ({ value, label: t(`colours.${value}`) }))}
        value={colorScheme}
        onChange={(event) => setColorScheme(event.currentTarget.value as MantineColorScheme)}
      />
    </Group>
  );
}
