import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';

/** How whoever runs the fleet wants the page to look; it is read when the page opens, without a build. */
export type Theme = {
  readonly name: string;
  readonly logo: string | null;
  readonly colours: { readonly accent: string; readonly accentInDark: string };
  readonly supportEmail: string | null;
};

async function fetchTheme(): Promise<Theme | null> {
  const response = await fetch('/billing/theme.json');
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return response.ok && isJson ? ((await response.json()) as Theme) : null;
}

/** The theme, with its colours put into the page; null while there is none. */
export function useTheme(): Theme | null {
  const { data = null } = useQuery({ queryKey: ['theme'], queryFn: fetchTheme, staleTime: Infinity, retry: false });
  const accent = data?.colours.accent;
  const accentInDark = data?.colours.accentInDark;
  useEffect(() => {
    if (accent === undefined || accentInDark === undefined) return;
    const { style } = document.documentElement;
    style.setProperty('--page-accent', accent);
    style.setProperty('--page-accent-in-dark', accentInDark);
    document.documentElement.dataset['themed'] = 'true';
  }, [accent, accentInDark]);
  return data;
}
