import type { PayPageState } from '@billfleet/domain';

/** The texts of the pay page in one language; `{x}` is filled in. */
export type PayPageTexts = {
  readonly title: string;
  readonly lead: string;
  readonly order: string;
  readonly plan: string;
  readonly seats: string;
  readonly amount: string;
  readonly payableUntil: string;
  readonly pay: string;
  readonly goOn: string;
  readonly pixCode: string;
  readonly states: Readonly<Record<PayPageState, string>>;
};

const en: PayPageTexts = {
  title: 'Pay order {order}',
  lead: 'For {workspace}.',
  order: 'Order',
  plan: 'Plan',
  seats: 'Seats',
  amount: 'Amount',
  payableUntil: 'Can be paid until',
  pay: 'Pay {amount}',
  goOn: 'Go on to the payment page',
  pixCode: 'Pix code',
  states: {
    payable: 'This order is not paid yet.',
    opening: 'The payment page is being opened. This takes a moment.',
    ready: 'The payment page is open.',
    charging: 'We are charging the stored method right now. There is nothing to do; the answer comes by e-mail.',
    paid: 'This order is paid. Thank you, there is nothing to do.',
    returned: 'The payment of this order was returned.',
    ended: 'This order cannot be paid any more. Nothing was charged.',
    elsewhere: 'This order is paid where it was placed.',
  },
};

const es: PayPageTexts = {
  title: 'Pagar el pedido {order}',
  lead: 'Para {workspace}.',
  order: 'Pedido',
  plan: 'Plan',
  seats: 'Usuarios',
  amount: 'Importe',
  payableUntil: 'Se puede pagar hasta',
  pay: 'Pagar {amount}',
  goOn: 'Ir a la página de pago',
  pixCode: 'Código Pix',
  states: {
    payable: 'Este pedido aún no está pagado.',
    opening: 'Se está abriendo la página de pago. Tarda un momento.',
    ready: 'La página de pago está abierta.',
    charging:
      'Estamos cobrando el método guardado en este momento. No hay que hacer nada; la respuesta llega por correo.',
    paid: 'Este pedido está pagado. Gracias, no hay que hacer nada.',
    returned: 'El pago de este pedido fue devuelto.',
    ended: 'Este pedido ya no se puede pagar. No se cobró nada.',
    elsewhere: 'Este pedido se paga donde se hizo.',
  },
};

const ptBr: PayPageTexts = {
  title: 'Pagar o pedido {order}',
  lead: 'Para {workspace}.',
  order: 'Pedido',
  plan: 'Plano',
  seats: 'Usuários',
  amount: 'Valor',
  payableUntil: 'Pode ser pago até',
  pay: 'Pagar {amount}',
  goOn: 'Ir para a página de pagamento',
  pixCode: 'Código Pix',
  states: {
    payable: 'Este pedido ainda não foi pago.',
    opening: 'A página de pagamento está sendo aberta. Só um momento.',
    ready: 'A página de pagamento está aberta.',
    charging: 'Estamos cobrando o método salvo agora. Não é preciso fazer nada; a resposta chega por e-mail.',
    paid: 'Este pedido está pago. Obrigado, não é preciso fazer nada.',
    returned: 'O pagamento deste pedido foi devolvido.',
    ended: 'Este pedido não pode mais ser pago. Nada foi cobrado.',
    elsewhere: 'Este pedido é pago onde foi feito.',
  },
};

const byLanguage = new Map<string, PayPageTexts>([
  ['en', en],
  ['es', es],
  ['pt', ptBr],
]);

/** The texts for a locale; English for languages that have none. */
export function payPageTexts(locale: string): PayPageTexts {
  return byLanguage.get(locale.split('-')[0]?.toLowerCase() ?? '') ?? en;
}
