import type { FastifyReply } from 'fastify';
import { PAGE_POLICY } from './page-frame.js';

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Confirming your payment</title><style>body{font:1.05rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}h1{font-size:1.5rem}</style></head>
<body><main><h1>We are confirming your payment</h1><p>This usually takes a few seconds. You can close this page: the receipt comes by e-mail, and your seats are there as soon as the payment is confirmed.</p>
<p lang="es">Estamos confirmando tu pago. Puedes cerrar esta página: el recibo llega por correo.</p>
<p lang="pt-BR">Estamos confirmando o seu pagamento. Você pode fechar esta página: o recibo chega por e-mail.</p></main></body></html>`;

/** For payers without a session. A return from the provider proves nothing, so it shows nothing of the order. */
export function sendConfirming(reply: FastifyReply): void {
  void reply
    .header('content-security-policy', PAGE_POLICY)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(PAGE);
}
