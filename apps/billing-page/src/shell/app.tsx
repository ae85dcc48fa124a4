import {
  createTheme,
  defaultVariantColorsResolver,
  localStorageColorSchemeManager,
  MantineProvider,
} from '@mantine/core';
import type { CSSVariablesResolver, VariantColorsResolver } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { asProblem } from '../api/problem.js';
import { pageRouter } from './routes.js';
import { styleNonce } from './style-nonce.js';

const RETRIES_MAX = 2;
const SERVER_ERROR = 500;

/** What was refused stays refused; what broke on the way is asked again. */
function isWorthAsking(failures: number, thrown: unknown): boolean {
  const { status } = asProblem(thrown);
  return failures < RETRIES_MAX && (status === 0 || status >= SERVER_ERROR);
}

const queries = new QueryClient({
  defaultOptions: { queries: { retry: isWorthAsking, staleTime: 5_000 }, mutations: { retry: false } },
});
/** On a tint stands the text of the page: the darkest green or orange is too pale for small letters. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colours = defaultVariantColorsResolver(input);
  return input.variant === 'light' ? { ...colours, color: 'var(--mantine-color-text)' } : colours;
};

/** Shades on which white text, and which as text on white, can be read by everybody (WCAG 2.2 AA). */
const theme = createTheme({
  respectReducedMotion: true,
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  variantColorResolver,
  components: { Badge: { defaultProps: { tt: 'none' } } },
});
const colours = localStorageColorSchemeManager({ key: 'billfleet-colours' });

/** Quiet texts and faults as Mantine has them are too pale to be read by everybody (WCAG 1.4.3). */
const readableColours = (): ReturnType<CSSVariablesResolver> => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5a6169', '--mantine-color-error': '#c92a2a' },
  dark: { '--mantine-color-dimmed': '#a9afb6', '--mantine-color-error': '#ff8787' },
});

/** The whole page. */
export function App(): React.JSX.Element {
  return (
    <MantineProvider
      defaultColorScheme="auto"
      colorSchemeManager={colours}
      withGlobalClasses={false}
      getStyleNonce={styleNonce}
      theme={theme}
      cssVariablesResolver={readableColours}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={pageRouter} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
