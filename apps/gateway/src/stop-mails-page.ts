import type { MailToStop } from '@billfleet/store';
import { escaped, filled, framedPage } from './page-frame.js';

type Texts = {
  readonly locale: string;
  readonly title: string;
  readonly lead: string;
  readonly coming: string;
  readonly stopped: string;
  readonly stop: string;
  readonly undo: string;
};

const en: Texts = {
  locale: 'en',
  title: 'Warnings by e-mail',
  lead: 'Warnings that {workspace} comes close to a limit of its plan, to {recipient}. Receipts and other messages about payments, your subscription and reached limits come in any case.',
  coming: 'These warnings are sent.',
  stopped: 'These warnings are stopped. There is nothing more to do.',
  stop: 'Stop these warnings',
  undo: 'Send them again',
};

const es: Texts = {
  locale: 'es',
  title: 'Avisos por correo',
  lead: 'Avisos de que {workspace} se acerca a un límite de su plan, para {recipient}. Los recibos y demás mensajes sobre pagos, tu suscripción y límites alcanzados llegan en todo caso.',
  coming: 'Estos avisos se envían.',
  stopped: 'Estos avisos ya no se envían. No hay que hacer nada más.',
  stop: 'Dejar de recibir estos avisos',
  undo: 'Volver a recibirlos',
};

const ptBr: Texts = {
  locale: 'pt-BR',
  title: 'Avisos por e-mail',
  lead: 'Avisos de que {workspace} se aproxima de um limite do plano, para {recipient}. Recibos e outras mensagens sobre pagamentos, sua assinatura e limites atingidos chegam de qualquer forma.',
  coming: 'Estes avisos são enviados.',
  stopped: 'Estes avisos não são mais enviados. Não é preciso fazer mais nada.',
  stop: 'Parar de receber estes avisos',
  undo: 'Voltar a receber',
};

const byLanguage = new Map<string, Texts>([
  ['en', en],
  ['es', es],
  ['pt', ptBr],
]);

/** The page on which the reader of an optional mail stops such mails or has them sent again, in the language of that mail. */
export function stopMailsHtml({ workspaceName, recipient, locale, isStopped }: MailToStop, path: string): string {
  const texts = byLanguage.get(locale.split('-')[0]?.toLowerCase() ?? '') ?? en;
  const lead = filled(texts.lead, { workspace: workspaceName, recipient: masked(recipient) });
  // A form without fields, as plain text: there is nothing to read in it.
  const form = `<form method="post" action="${escaped(path)}${isStopped ? '/undo' : ''}" enctype="text/plain"><button>${escaped(isStopped ? texts.undo : texts.stop)}</button></form>`;
  return framedPage({
    locale: texts.locale,
    title: texts.title,
    body: `<p>${escaped(lead)}</p><p role="status">${escaped(isStopped ? texts.stopped : texts.coming)}</p>${form}`,
  });
}

/** Mails are passed on with their links, so a page without a login shows enough of an address for its owner to know it. */
const masked = (address: string): string => address.replace(/^(.)[^@]*/, '$1…');
