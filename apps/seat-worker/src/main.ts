import 'reflect-metadata';
import { runWorker } from '@billfleet/platform';
import { SeatWorkerModule } from './app.module.js';

void runWorker('seat-worker', (base) => SeatWorkerModule.with(base));
