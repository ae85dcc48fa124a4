/** The words of documents, in one language. `{name}` is filled in. */
type Words = Readonly<Record<keyof typeof en, string>>;

const en = {
  invoice: 'Invoice',
  creditNote: 'Credit note',
  paymentRequest: 'Payment request',
  notAnInvoice: 'This is not an invoice. The invoice follows the payment.',
  tried: 'Made on a test clock: this document is not valid.',
  number: 'Number',
  issuedOn: 'Issued on',
  dueOn: 'Due on',
  order: 'Order',
  from: 'From',
  to: 'To',
  account: 'Account: {name}',
  lines: 'Description',
  quantity: 'Quantity',
  amount: 'Amount',
  net: 'Net',
  tax: '{name} {percent} %',
  taxUnnamed: '{name}',
  taxPart: 'Tax',
  reverseCharge: '{name}: reverse charge, to be paid by the buyer',
  noTax: 'No tax is charged.',
  total: 'Total',
  credited: 'Credited',
  toPay: 'To pay',
  paid: 'Paid on {day} by {method}',
  unpaid: 'Not paid yet. To be paid by {day}.',
  'method.card': 'card',
  'method.cardEnding': 'card ending in {last4}',
  'method.pix': 'Pix',
  'method.paypal': 'PayPal',
  'method.offline': 'offline payment',
  'method.upstream': 'payment to our partner',
  installments: 'in {count} instalments',
  offline: 'Received: {amount}. Proof: {proof}.',
  offlinePartner: 'Received by {partner}: {amount}. Proof: {proof}.',
  reference: 'Reference of the payment: {reference}',
  credits: 'Credits invoice {number} of {day} over {amount}.',
  refunded: 'Given back on {day} by the way in which it was paid.',
  basis: 'How the refund was worked out',
  'reason.seats_returned': 'Refund for seats that were returned',
  'reason.subscription_closed': 'Refund for a subscription that was closed',
  'reason.goodwill': 'Partial refund',
  'reason.other': 'Refund',
  'line.plan-seats.one': '{plan}, {months} month',
  'line.plan-seats.other': '{plan}, {months} months',
  'line.plan-upgrade': 'Change from {from} to {plan}',
  'line.added-seats': 'Added seats, {plan}',
  'line.returned-seats': 'Returned seats, {plan}',
  'line.add-on.one': '{plan}, {months} month',
  'line.add-on.other': '{plan}, {months} months',
  'line.other': 'Order {order}',
  pixHow: 'Pay with Pix until {day}. Scan the code in your bank’s app, or copy it:',
  page: 'Page {page} of {pages}',
  hash: 'Hash of this document: {hash}',
};

const es: Words = {
  invoice: 'Factura',
  creditNote: 'Nota de crédito',
  paymentRequest: 'Solicitud de pago',
  notAnInvoice: 'Esto no es una factura. La factura se emite con el pago.',
  tried: 'Hecho con un reloj de prueba: este documento no es válido.',
  number: 'Número',
  issuedOn: 'Fecha de emisión',
  dueOn: 'Vencimiento',
  order: 'Pedido',
  from: 'Emisor',
  to: 'Cliente',
  account: 'Cuenta: {name}',
  lines: 'Descripción',
  quantity: 'Cantidad',
  amount: 'Importe',
  net: 'Base imponible',
  tax: '{name} {percent} %',
  taxUnnamed: '{name}',
  taxPart: 'Impuestos',
  reverseCharge: '{name}: inversión del sujeto pasivo, a cargo del comprador',
  noTax: 'No se aplican impuestos.',
  total: 'Total',
  credited: 'Abonado',
  toPay: 'A pagar',
  paid: 'Pagado el {day} con {method}',
  unpaid: 'Pendiente de pago. A pagar antes del {day}.',
  'method.card': 'tarjeta',
  'method.cardEnding': 'tarjeta terminada en {last4}',
  'method.pix': 'Pix',
  'method.paypal': 'PayPal',
  'method.offline': 'pago fuera de línea',
  'method.upstream': 'pago a nuestro socio',
  installments: 'en {count} cuotas',
  offline: 'Recibido: {amount}. Comprobante: {proof}.',
  offlinePartner: 'Recibido por {partner}: {amount}. Comprobante: {proof}.',
  reference: 'Referencia del pago: {reference}',
  credits: 'Rectifica la factura {number} del {day}, por {amount}.',
  refunded: 'Devuelto el {day} por el mismo medio con el que se pagó.',
  basis: 'Cómo se calculó la devolución',
  'reason.seats_returned': 'Devolución por usuarios devueltos',
  'reason.subscription_closed': 'Devolución por una suscripción cerrada',
  'reason.goodwill': 'Devolución parcial',
  'reason.other': 'Devolución',
  'line.plan-seats.one': '{plan}, {months} mes',
  'line.plan-seats.other': '{plan}, {months} meses',
  'line.plan-upgrade': 'Cambio de {from} a {plan}',
  'line.added-seats': 'Usuarios añadidos, {plan}',
  'line.returned-seats': 'Usuarios devueltos, {plan}',
  'line.add-on.one': '{plan}, {months} mes',
  'line.add-on.other': '{plan}, {months} meses',
  'line.other': 'Pedido {order}',
  pixHow: 'Pague con Pix hasta el {day}. Escanee el código en la app de su banco o cópielo:',
  page: 'Página {page} de {pages}',
  hash: 'Hash de este documento: {hash}',
};

const ptBr: Words = {
  invoice: 'Fatura',
  creditNote: 'Nota de crédito',
  paymentRequest: 'Solicitação de pagamento',
  notAnInvoice: 'Isto não é uma fatura. A fatura é emitida com o pagamento.',
  tried: 'Feito com um relógio de teste: este documento não é válido.',
  number: 'Número',
  issuedOn: 'Data de emissão',
  dueOn: 'Vencimento',
  order: 'Pedido',
  from: 'Emitente',
  to: 'Cliente',
  account: 'Conta: {name}',
  lines: 'Descrição',
  quantity: 'Quantidade',
  amount: 'Valor',
  net: 'Valor sem impostos',
  tax: '{name} {percent} %',
  taxUnnamed: '{name}',
  taxPart: 'Impostos',
  reverseCharge: '{name}: inversão do sujeito passivo, a cargo do comprador',
  noTax: 'Não há cobrança de impostos.',
  total: 'Total',
  credited: 'Creditado',
  toPay: 'A pagar',
  paid: 'Pago em {day} com {method}',
  unpaid: 'Ainda não pago. A pagar até {day}.',
  'method.card': 'cartão',
  'method.cardEnding': 'cartão com final {last4}',
  'method.pix': 'Pix',
  'method.paypal': 'PayPal',
  'method.offline': 'pagamento offline',
  'method.upstream': 'pagamento ao nosso parceiro',
  installments: 'em {count} parcelas',
  offline: 'Recebido: {amount}. Comprovante: {proof}.',
  offlinePartner: 'Recebido por {partner}: {amount}. Comprovante: {proof}.',
  reference: 'Referência do pagamento: {reference}',
  credits: 'Credita a fatura {number} de {day}, no valor de {amount}.',
  refunded: 'Devolvido em {day} pelo mesmo meio com que foi pago.',
  basis: 'Como o reembolso foi calculado',
  'reason.seats_returned': 'Reembolso de usuários devolvidos',
  'reason.subscription_closed': 'Reembolso de uma assinatura encerrada',
  'reason.goodwill': 'Reembolso parcial',
  'reason.other': 'Reembolso',
  'line.plan-seats.one': '{plan}, {months} mês',
  'line.plan-seats.other': '{plan}, {months} meses',
  'line.plan-upgrade': 'Mudança de {from} para {plan}',
  'line.added-seats': 'Usuários adicionados, {plan}',
  'line.returned-seats': 'Usuários devolvidos, {plan}',
  'line.add-on.one': '{plan}, {months} mês',
  'line.add-on.other': '{plan}, {months} meses',
  'line.other': 'Pedido {order}',
  pixHow: 'Pague com Pix até {day}. Escaneie o código no aplicativo do seu banco ou copie:',
  page: 'Página {page} de {pages}',
  hash: 'Hash deste documento: {hash}',
};

/** Languages in which documents are drawn. */
export const documentLanguages = ['en', 'es', 'pt-BR'] as const;
export type DocumentLanguage = (typeof documentLanguages)[number];

/** The language of documents for a reader: that of his locale, or English. */
export function documentLanguageOf(locale: string): DocumentLanguage {
  const language = locale.split('-')[0]?.toLowerCase();
  return language === 'pt' ? 'pt-BR' : language === 'es' ? 'es' : 'en';
}

const words: Readonly<Record<DocumentLanguage, Words>> = { en, es, 'pt-BR': ptBr };

/** The name of one text. */
export type DocumentWord = keyof Words;

/** Says a text in a language, with its values filled in. */
export type Say = (word: DocumentWord, values?: Readonly<Record<string, string>>) => string;

/** The texts of a language. */
export const sayIn =
  (language: DocumentLanguage): Say =>
  (word, values = {}) =>
    words[language][word].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

/** The text for a code that people outside may have made up, or the general one. */
export const wordFor = (prefix: string, code: string): DocumentWord => {
  const word = `${prefix}.${code}`;
  return word in en ? (word as DocumentWord) : (`${prefix}.other` as DocumentWord);
};
