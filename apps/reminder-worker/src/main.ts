import 'reflect-metadata';
import { runWorker } from '@billfleet/platform';
import { ReminderWorkerModule } from './app.module.js';

void runWorker('reminder-worker', (base) => ReminderWorkerModule.with(base));
