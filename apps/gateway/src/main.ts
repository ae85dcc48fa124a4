import 'reflect-metadata';
import { runProcess } from '@billfleet/platform';
import { createGateway } from './create-gateway.js';

void runProcess('gateway', createGateway);
