/** What the fleet's upstream service needs to know. */
export type UpstreamSettings = { readonly databaseUrl: string; readonly redisUrl: string; readonly apiKey: string };

/** Orders in the order of their numbers, for the upstream service. */
export const FLEET_ORDERS_AFTER = 'select number as n, workspace_id from orders where number > $1 order by number';
