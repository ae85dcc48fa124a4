import type { OrderKind, ShownStatus } from '@billfleet/domain';

/** The languages that people are spoken to in. */
export const languages = ['en', 'es', 'pt-BR'] as const;
export type Language = (typeof languages)[number];

/** How an order is paid, or was: `upstream` where another service collects the money, `offline` where staff recorded that it came. */
export const waysPaid = ['card', 'pix', 'paypal', 'upstream', 'offline'] as const;
export type WayPaid = (typeof waysPaid)[number];

/** The words for orders in one language: the same on the page, in mails, in exports and in the API. */
export type OrderWords = {
  readonly status: Readonly<Record<ShownStatus, string>>;
  readonly kind: Readonly<Record<OrderKind, string>>;
  readonly paidBy: Readonly<Record<WayPaid, string>>;
};

const en: OrderWords = {
  status: {
    awaiting_payment: 'Awaiting payment',
    processing: 'Processing',
    paid: 'Paid',
    failed: 'Failed',
    expired: 'Expired',
    cancelled: 'Cancelled',
    refunded: 'Refunded',
    partly_refunded: 'Partly refunded',
  },
  kind: {
    purchase: 'Purchase',
    upgrade: 'Upgrade',
    'add-seats': 'Added seats',
    'upgrade-and-add-seats': 'Upgrade and added seats',
    extension: 'Extension',
    renewal: 'Renewal',
    'add-on': 'Add-on',
  },
  paidBy: { card: 'Card', pix: 'Pix', paypal: 'PayPal', upstream: 'Where it was placed', offline: 'Offline payment' },
};

const es: OrderWords = {
  status: {
    awaiting_payment: 'Pendiente de pago',
    processing: 'En proceso',
    paid: 'Pagado',
    failed: 'Fallido',
    expired: 'Vencido',
    cancelled: 'Cancelado',
    refunded: 'Reembolsado',
    partly_refunded: 'Reembolsado en parte',
  },
  kind: {
    purchase: 'Compra',
    upgrade: 'Mejora de plan',
    'add-seats': 'Usuarios añadidos',
    'upgrade-and-add-seats': 'Mejora de plan y usuarios añadidos',
    extension: 'Prórroga',
    renewal: 'Renovación',
    'add-on': 'Complemento',
  },
  paidBy: {
    card: 'Tarjeta',
    pix: 'Pix',
    paypal: 'PayPal',
    upstream: 'Donde se hizo el pedido',
    offline: 'Pago fuera de línea',
  },
};

const ptBr: OrderWords = {
  status: {
    awaiting_payment: 'Aguardando pagamento',
    processing: 'Em processamento',
    paid: 'Pago',
    failed: 'Falhou',
    expired: 'Expirado',
    cancelled: 'Cancelado',
    refunded: 'Reembolsado',
    partly_refunded: 'Reembolsado em parte',
  },
  kind: {
    purchase: 'Compra',
    upgrade: 'Upgrade de plano',
    'add-seats': 'Usuários adicionados',
    'upgrade-and-add-seats': 'Upgrade de plano e usuários adicionados',
    extension: 'Extensão',
    renewal: 'Renovação',
    'add-on': 'Complemento',
  },
  paidBy: {
    card: 'Cartão',
    pix: 'Pix',
    paypal: 'PayPal',
    upstream: 'Onde o pedido foi feito',
    offline: 'Pagamento offline',
  },
};

const byLanguage: Readonly<Record<Language, OrderWords>> = { en, es, 'pt-BR': ptBr };

/** The words for orders in a language. */
export function orderWords(language: Language): OrderWords {
  return byLanguage[language];
}
