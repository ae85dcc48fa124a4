export * from './host-seats.js';
export * from './host-webhook.js';
export * from './mail-address.js';
export * from './mail-templates/facts.js';
export * from './mail-templates/render-mail.js';
export * from './smtp-mailer.js';
