/** What the fleet's upstream service needs to know. */
export type UpstreamSettings = { readonly databaseUrl: string; readonly redisUrl: string; readonly apiKey: string };
