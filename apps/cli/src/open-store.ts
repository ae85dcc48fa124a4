import { dataSourceOptions, Store } from '@billfleet/store';
import { DataSource } from 'typeorm';

/** A database as the commands use it: a few short statements on few connections. */
export type OpenStore = { readonly store: Store; readonly source: DataSource; readonly close: () => Promise<void> };

const POOL_SIZE = 2;
const LEASE_MS = 30_000;

/** Connects; whoever opens closes. */
export async function openStore(databaseUrl: string): Promise<OpenStore> {
  const source = new DataSource(dataSourceOptions({ url: databaseUrl, poolSize: POOL_SIZE, app: 'cli' }));
  await source.initialize();
  return { store: new Store(source, { leaseMs: LEASE_MS }), source, close: () => source.destroy() };
}
