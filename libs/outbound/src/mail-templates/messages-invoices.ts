/** English texts of invoices that are still to be paid, and of those that need not be any more. Other languages follow their keys and placeholders. */
export const invoicesEn = {
  'label.invoice': 'Invoice',
  'label.creditNote': 'Credit note',
  'label.dueOn': 'To be paid by',

  'invoiceToPay.subject': 'Invoice {document}: {amount} to be paid by {date}',
  'invoiceToPay.preheader': '{plan}, {seats}. The invoice is attached.',
  'invoiceToPay.heading': 'Your invoice',
  'invoiceToPay.lead':
    'Order {order} of {workspace} is placed on account. The invoice over {amount} is attached as PDF.',
  'invoiceToPay.advice':
    'Please pay it by {date}, and name the number {document} when you do. What you ordered is given to you as soon as it is paid.',
  'invoiceToPay.button': 'View the order',

  'invoiceCredited.subject': 'Invoice of order {order} is credited: {amount} need not be paid',
  'invoiceCredited.preheader': 'Credit note {document} is attached. Nothing to do.',
  'invoiceCredited.heading': 'Your invoice is credited',
  'invoiceCredited.lead':
    'Order {order} of {workspace} has ended without being paid. Credit note {document} over {amount} is attached as PDF: you do not owe its invoice any more.',
  'invoiceCredited.advice': 'If you have paid in the last days, please write to our support.',
  'invoiceCredited.button': 'View the order',
} as const;

/** The same in Spanish. */
export const invoicesEs: Readonly<Record<keyof typeof invoicesEn, string>> = {
  'label.invoice': 'Factura',
  'label.creditNote': 'Nota de crédito',
  'label.dueOn': 'A pagar hasta',

  'invoiceToPay.subject': 'Factura {document}: {amount} a pagar hasta el {date}',
  'invoiceToPay.preheader': '{plan}, {seats}. La factura va adjunta.',
  'invoiceToPay.heading': 'Su factura',
  'invoiceToPay.lead':
    'El pedido {order} de {workspace} se ha hecho a crédito. La factura por {amount} va adjunta en PDF.',
  'invoiceToPay.advice':
    'Páguela hasta el {date} e indique el número {document} al pagar. Lo que ha pedido se le entrega en cuanto esté pagada.',
  'invoiceToPay.button': 'Ver el pedido',

  'invoiceCredited.subject': 'La factura del pedido {order} queda abonada: no hay que pagar {amount}',
  'invoiceCredited.preheader': 'La nota de crédito {document} va adjunta. No tiene que hacer nada.',
  'invoiceCredited.heading': 'Su factura queda abonada',
  'invoiceCredited.lead':
    'El pedido {order} de {workspace} ha terminado sin pagarse. La nota de crédito {document} por {amount} va adjunta en PDF: ya no debe la factura.',
  'invoiceCredited.advice': 'Si ha pagado en los últimos días, escriba a nuestro soporte.',
  'invoiceCredited.button': 'Ver el pedido',
};

/** The same in Brazilian Portuguese. */
export const invoicesPtBr: Readonly<Record<keyof typeof invoicesEn, string>> = {
  'label.invoice': 'Fatura',
  'label.creditNote': 'Nota de crédito',
  'label.dueOn': 'A pagar até',

  'invoiceToPay.subject': 'Fatura {document}: {amount} a pagar até {date}',
  'invoiceToPay.preheader': '{plan}, {seats}. A fatura está anexa.',
  'invoiceToPay.heading': 'Sua fatura',
  'invoiceToPay.lead': 'O pedido {order} de {workspace} foi feito a prazo. A fatura de {amount} está anexa em PDF.',
  'invoiceToPay.advice':
    'Pague-a até {date} e informe o número {document} ao pagar. O que você pediu é entregue assim que ela for paga.',
  'invoiceToPay.button': 'Ver o pedido',

  'invoiceCredited.subject': 'A fatura do pedido {order} foi creditada: não é preciso pagar {amount}',
  'invoiceCredited.preheader': 'A nota de crédito {document} está anexa. Nada a fazer.',
  'invoiceCredited.heading': 'Sua fatura foi creditada',
  'invoiceCredited.lead':
    'O pedido {order} de {workspace} terminou sem ser pago. A nota de crédito {document} de {amount} está anexa em PDF: você não deve mais a fatura.',
  'invoiceCredited.advice': 'Se você pagou nos últimos dias, escreva ao nosso suporte.',
  'invoiceCredited.button': 'Ver o pedido',
};
