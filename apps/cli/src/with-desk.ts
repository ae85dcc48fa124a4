import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import { environmentToUse, requireServer } from './environment.js';

/** Loads what opens a desk; loaded late, so that `--help` and wrong options answer at once. */
export type LoadDesk<Desk> = () => Promise<(config: Config) => Promise<Desk>>;

/**
 * Opens a desk on the servers of the environment, uses it once, and closes it however that ends.
 * @throws CommandError when a server that is needed is not named in the environment.
 */
export async function withDesk<Desk extends { close(): Promise<void> }, Result>(
  {
    loadEngine,
    needs,
  }: { readonly loadEngine: LoadDesk<Desk>; readonly needs: readonly ('DATABASE_URL' | 'REDIS_URL')[] },
  use: (desk: Desk) => Promise<Result>,
): Promise<Result> {
  const environment = environmentToUse();
  for (const name of needs) requireServer(environment, name);
  const desk = await (await loadEngine())(loadConfig(environment.values));
  try {
    return await use(desk);
  } finally {
    await desk.close();
  }
}
