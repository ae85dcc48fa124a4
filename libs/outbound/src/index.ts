export * from './host-seats.js';
export * from './host-webhook.js';
export * from './mail-address.js';
export * from './mail-templates/decline-text.js';
export * from './mail-templates/facts.js';
export { formatsFor } from './mail-templates/formats.js';
export type { Formats } from './mail-templates/formats.js';
export * from './mail-templates/render-mail.js';
export * from './smtp-mailer.js';
