import 'reflect-metadata';
import { runWorker } from '@billfleet/platform';
import { PaymentWorkerModule } from './app.module.js';

void runWorker('payment-worker', (base) => PaymentWorkerModule.with(base));
