import 'reflect-metadata';
import { runWorker } from '@billfleet/platform';
import { OrderWorkerModule } from './app.module.js';

void runWorker('order-worker', (base) => OrderWorkerModule.with(base));
