/** Languages of the hosted pages. */
export type Language = 'en' | 'es' | 'pt-BR';

export const languages: Readonly<Record<Language, string>> = { en: 'English', es: 'Español', 'pt-BR': 'Português' };

/** All words of the hosted page in one language. */
export type Texts = {
  readonly sandbox: string;
  readonly title: string;
  readonly total: string;
  readonly payInParts: (count: number, first: string, other: string) => string;
  readonly order: string;
  readonly openUntil: string;
  readonly cardNumber: string;
  readonly cardHint: string;
  readonly pay: (amount: string) => string;
  readonly testCards: string;
  readonly payWithThis: string;
  readonly onPay: Readonly<Record<'pays' | 'funds' | 'stolen', string>>;
  readonly laterFails: string;
  readonly paypal: string;
  readonly paypalHint: string;
  readonly pixScan: string;
  readonly pixCopy: string;
  readonly pixSimulate: string;
  readonly pixAlt: string;
  readonly cancel: string;
  readonly back: string;
  readonly language: string;
  readonly failures: Readonly<Record<string, string>>;
  readonly closed: Readonly<
    Record<'succeeded' | 'processing' | 'declined' | 'cancelled' | 'expired', { title: string; text: string }>
  >;
  readonly notFound: { readonly title: string; readonly text: string };
};

const en: Texts = {
  sandbox: 'Sandbox: no real money moves',
  title: 'Payment',
  total: 'Total',
  payInParts: (count, first, other) =>
    first === other ? `${String(count)} × ${other}` : `${first}, then ${String(count - 1)} × ${other}`,
  order: 'Order',
  openUntil: 'Open until',
  cardNumber: 'Card number',
  cardHint: 'Use a test card from the list. Real cards are refused.',
  pay: (amount) => `Pay ${amount}`,
  testCards: 'Test cards',
  payWithThis: 'Pay with this card',
  onPay: { pays: 'pays', funds: 'insufficient funds, can try again', stolen: 'declined for good' },
  laterFails: 'pays now, later charges fail',
  paypal: 'Pay with the test account',
  paypalHint: 'You would log in at the wallet here. The sandbox agrees at once.',
  pixScan: 'Scan the code with your bank app',
  pixCopy: 'Or copy this code into it',
  pixSimulate: 'Simulate payment in the bank app',
  pixAlt: 'QR code of the Pix payment',
  cancel: 'Cancel and go back',
  back: 'Back to the shop',
  language: 'Language',
  failures: {
    insufficient_funds: 'The card has insufficient funds. You can try again or use another card.',
    stolen_card: 'The card was declined.',
    do_not_try_again: 'The card was declined.',
    authentication_required: 'The bank wants its customer to confirm the payment.',
    not_a_test_card: 'This is not one of the test cards below. Nothing was charged.',
  },
  closed: {
    succeeded: { title: 'Paid', text: 'Thank you. The payment has arrived.' },
    processing: { title: 'In progress', text: 'The payment is being processed.' },
    declined: { title: 'Declined', text: 'The payment was declined. Go back to choose another way to pay.' },
    cancelled: { title: 'Cancelled', text: 'This checkout was cancelled. Nothing was charged.' },
    expired: { title: 'Expired', text: 'The time to pay has run out. Nothing was charged.' },
  },
  notFound: { title: 'Not found', text: 'There is no payment at this address.' },
};

const es: Texts = {
  sandbox: 'Entorno de pruebas: no se mueve dinero real',
  title: 'Pago',
  total: 'Total',
  payInParts: (count, first, other) =>
    first === other ? `${String(count)} × ${other}` : `${first} y después ${String(count - 1)} × ${other}`,
  order: 'Pedido',
  openUntil: 'Abierto hasta',
  cardNumber: 'Número de tarjeta',
  cardHint: 'Usa una tarjeta de prueba de la lista. Las tarjetas reales se rechazan.',
  pay: (amount) => `Pagar ${amount}`,
  testCards: 'Tarjetas de prueba',
  payWithThis: 'Pagar con esta tarjeta',
  onPay: { pays: 'paga', funds: 'fondos insuficientes, se puede reintentar', stolen: 'rechazada definitivamente' },
  laterFails: 'paga ahora, los cobros posteriores fallan',
  paypal: 'Pagar con la cuenta de prueba',
  paypalHint: 'Aquí entrarías en tu monedero. El entorno de pruebas acepta al momento.',
  pixScan: 'Escanea el código con la app de tu banco',
  pixCopy: 'O copia este código en ella',
  pixSimulate: 'Simular el pago en la app del banco',
  pixAlt: 'Código QR del pago Pix',
  cancel: 'Cancelar y volver',
  back: 'Volver a la tienda',
  language: 'Idioma',
  failures: {
    insufficient_funds: 'La tarjeta no tiene fondos suficientes. Puedes reintentar o usar otra.',
    stolen_card: 'La tarjeta fue rechazada.',
    do_not_try_again: 'La tarjeta fue rechazada.',
    authentication_required: 'El banco quiere que su cliente confirme el pago.',
    not_a_test_card: 'No es una de las tarjetas de prueba de abajo. No se cobró nada.',
  },
  closed: {
    succeeded: { title: 'Pagado', text: 'Gracias. El pago ha llegado.' },
    processing: { title: 'En curso', text: 'El pago se está procesando.' },
    declined: { title: 'Rechazado', text: 'El pago fue rechazado. Vuelve para elegir otra forma de pago.' },
    cancelled: { title: 'Cancelado', text: 'Este pago se canceló. No se cobró nada.' },
    expired: { title: 'Vencido', text: 'Se acabó el tiempo para pagar. No se cobró nada.' },
  },
  notFound: { title: 'No encontrado', text: 'No hay ningún pago en esta dirección.' },
};

const ptBR: Texts = {
  sandbox: 'Ambiente de testes: nenhum dinheiro real é movimentado',
  title: 'Pagamento',
  total: 'Total',
  payInParts: (count, first, other) =>
    first === other ? `${String(count)} × ${other}` : `${first} e depois ${String(count - 1)} × ${other}`,
  order: 'Pedido',
  openUntil: 'Aberto até',
  cardNumber: 'Número do cartão',
  cardHint: 'Use um cartão de teste da lista. Cartões reais são recusados.',
  pay: (amount) => `Pagar ${amount}`,
  testCards: 'Cartões de teste',
  payWithThis: 'Pagar com este cartão',
  onPay: { pays: 'paga', funds: 'saldo insuficiente, pode tentar de novo', stolen: 'recusado em definitivo' },
  laterFails: 'paga agora, cobranças futuras falham',
  paypal: 'Pagar com a conta de teste',
  paypalHint: 'Aqui você entraria na sua carteira. O ambiente de testes aceita na hora.',
  pixScan: 'Leia o código com o app do seu banco',
  pixCopy: 'Ou copie este código para o app',
  pixSimulate: 'Simular o pagamento no app do banco',
  pixAlt: 'QR code do pagamento Pix',
  cancel: 'Cancelar e voltar',
  back: 'Voltar à loja',
  language: 'Idioma',
  failures: {
    insufficient_funds: 'O cartão não tem saldo suficiente. Tente de novo ou use outro cartão.',
    stolen_card: 'O cartão foi recusado.',
    do_not_try_again: 'O cartão foi recusado.',
    authentication_required: 'O banco quer que o cliente confirme o pagamento.',
    not_a_test_card: 'Este não é um dos cartões de teste abaixo. Nada foi cobrado.',
  },
  closed: {
    succeeded: { title: 'Pago', text: 'Obrigado. O pagamento chegou.' },
    processing: { title: 'Em andamento', text: 'O pagamento está sendo processado.' },
    declined: { title: 'Recusado', text: 'O pagamento foi recusado. Volte para escolher outra forma de pagar.' },
    cancelled: { title: 'Cancelado', text: 'Este pagamento foi cancelado. Nada foi cobrado.' },
    expired: { title: 'Expirado', text: 'O prazo para pagar terminou. Nada foi cobrado.' },
  },
  notFound: { title: 'Não encontrado', text: 'Não há pagamento neste endereço.' },
};

export const texts: Readonly<Record<Language, Texts>> = { en, es, 'pt-BR': ptBR };

const languageOf = (tag: string): Language | undefined => {
  const lower = tag.trim().toLowerCase();
  if (lower.startsWith('pt')) return 'pt-BR';
  if (lower.startsWith('es')) return 'es';
  return lower.startsWith('en') ? 'en' : undefined;
};

/** The language that was asked for, else the first of the browser's that we have, else English. */
export function chooseLanguage(asked: string | undefined, acceptLanguage: string | undefined): Language {
  const wanted = [asked ?? '', ...(acceptLanguage ?? '').slice(0, 200).split(',')];
  for (const tag of wanted) {
    const language = languageOf(tag);
    if (language !== undefined) return language;
  }
  return 'en';
}
