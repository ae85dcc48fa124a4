import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
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
const colours = localStorageColorSchemeManager({ key: 'billfleet-colours' });

/** The whole page. */
export function App(): React.JSX.Element {
  return (
    <MantineProvider
      defaultColorScheme="auto"
      colorSchemeManager={colours}
      withGlobalClasses={false}
      getStyleNonce={styleNonce}
      theme={{ respectReducedMotion: true }}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={pageRouter} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
