import type { Base } from '@billfleet/platform';
import { Module } from '@nestjs/common';
import type { DynamicModule, InjectionToken, ModuleMetadata } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { dataSourceOptions, pendingMigrations } from './data-source.js';
import { Store } from './store.js';
import type { Announce } from './store.js';

/** Who shouts what commits owe. */
export type Announcer = {
  readonly token: InjectionToken;
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  readonly toAnnounce: (announcer: never) => Announce;
};

/** The store of one process: pool, schema check, and what happens after each commit. */
@Module({})
export class StoreModule {
  /** @throws when the schema is not the one that this build knows; the message names the command that brings it up to date. */
  static with(base: Base, announcer?: Announcer): DynamicModule {
    const { config, app, crash, log, health } = base;
    return {
      module: StoreModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions({ url: config.databaseUrl, poolSize: config.databasePoolSize, app }),
            retryAttempts: 5,
            retryDelay: 500,
          }),
        }),
        ...(announcer?.imports ?? []),
      ],
      providers: [
        {
          provide: Store,
          inject: [getDataSourceToken(), ...(announcer === undefined ? [] : [announcer.token])],
          useFactory: async (source: DataSource, ...announcers: never[]) => {
            const pending = await pendingMigrations(source);
            if (pending.length > 0)
              throw new Error(`the database lacks ${pending.join(', ')}: run ./billfleet migrate`);
            const store = new Store(source, {
              leaseMs: config.leaseMs,
              tellsHost: config.hostWebhookUrl !== undefined,
              crash,
              log,
              ...announcers.reduce<{ announce?: Announce }>(
                (_, one) => (announcer === undefined ? {} : { announce: announcer.toAnnounce(one) }),
                {},
              ),
              ...(base.beforeCommit === undefined ? {} : { beforeCommit: base.beforeCommit }),
            });
            health.require({
              name: 'postgres',
              check: async () => {
                await store.query('select 1');
              },
            });
            return store;
          },
        },
      ],
      exports: [Store],
    };
  }
}
