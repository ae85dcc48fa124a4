import 'reflect-metadata';
import { runWorker } from '@billfleet/platform';
import { DispatcherModule } from './app.module.js';

void runWorker('dispatcher', (base) => DispatcherModule.with(base));
