import 'reflect-metadata';
import { runWorker } from '@billfleet/platform';
import { DeliveryWorkerModule } from './app.module.js';

void runWorker('delivery-worker', (base) => DeliveryWorkerModule.with(base));
