export { ConfigError, describeConfig, loadConfig, unknownVariables, variableDocs } from './config.js';
export type { Config, ConfigFault, ShownValue } from './config.js';
export type { VariableDoc } from './config-schema.js';
export { MovableClock, systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { crashFrom, crashPoints, noCrash } from './crash-points.js';
export type { Crash, CrashPoint } from './crash-points.js';
export { createLog, NestLog, silentLog } from './logger.js';
export type { Log } from './logger.js';
