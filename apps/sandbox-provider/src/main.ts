import 'reflect-metadata';
import { runProcess } from '@billfleet/platform';
import { createSandbox } from './create-app.js';

void runProcess('sandbox-provider', (base) => createSandbox(base, base.config.sandboxUrl));
