/** What the pages to sign in say. */
export type SignInTexts = {
  readonly title: string;
  readonly supportTitle: string;
  readonly lead: string;
  readonly email: string;
  readonly wrongEmail: string;
  readonly send: string;
  readonly sentTitle: string;
  readonly sentLead: string;
  readonly sentAdvice: string;
  readonly tooOftenTitle: string;
  readonly tooOftenLead: string;
  readonly chooseTitle: string;
  readonly chooseLead: string;
  readonly enter: string;
  readonly enterSupport: string;
  readonly again: string;
};

const en: SignInTexts = {
  title: 'Sign in to the billing page',
  supportTitle: 'Sign in to the support console',
  lead: 'We send a link to your e-mail address. It lets you in once, within fifteen minutes.',
  email: 'E-mail address',
  wrongEmail: 'This is not a complete e-mail address. One looks like ana@example.com.',
  send: 'Send the link',
  sentTitle: 'Look into your mailbox',
  sentLead: 'If this address may come in, a link is on its way to it.',
  sentAdvice:
    'Nothing came after some minutes? Look into the folder for spam, check the address, or open the billing page from your product. Ask an admin of your workspace which role you have there.',
  tooOftenTitle: 'Please wait a while',
  tooOftenLead: 'Many links were asked for from your network. Try again in ten minutes.',
  chooseTitle: 'Sign in',
  chooseLead: 'Which billing page do you want to open? The link lets you into one of them, once.',
  enter: 'Open {workspace}',
  enterSupport: 'Open the support console',
  again: 'Ask for another link',
};

const es: SignInTexts = {
  title: 'Entrar en la página de facturación',
  supportTitle: 'Entrar en la consola de soporte',
  lead: 'Enviamos un enlace a tu correo. Te deja entrar una vez, en un plazo de quince minutos.',
  email: 'Correo electrónico',
  wrongEmail: 'Esta dirección de correo no está completa. Debe ser como ana@example.com.',
  send: 'Enviar el enlace',
  sentTitle: 'Revisa tu correo',
  sentLead: 'Si esta dirección puede entrar, ya va un enlace en camino.',
  sentAdvice:
    '¿No llegó nada tras unos minutos? Mira en la carpeta de spam, revisa la dirección o abre la página de facturación desde tu producto. Pregunta a un administrador de tu espacio qué rol tienes.',
  tooOftenTitle: 'Espera un momento',
  tooOftenLead: 'Se pidieron muchos enlaces desde tu red. Inténtalo de nuevo en diez minutos.',
  chooseTitle: 'Entrar',
  chooseLead: '¿Qué página de facturación quieres abrir? El enlace te deja entrar en una de ellas, una vez.',
  enter: 'Abrir {workspace}',
  enterSupport: 'Abrir la consola de soporte',
  again: 'Pedir otro enlace',
};

const ptBr: SignInTexts = {
  title: 'Entrar na página de faturamento',
  supportTitle: 'Entrar no console de suporte',
  lead: 'Enviamos um link para o seu e-mail. Ele deixa você entrar uma vez, em até quinze minutos.',
  email: 'E-mail',
  wrongEmail: 'Este endereço de e-mail não está completo. Ele deve ser como ana@example.com.',
  send: 'Enviar o link',
  sentTitle: 'Olhe a sua caixa de entrada',
  sentLead: 'Se este endereço pode entrar, um link já está a caminho.',
  sentAdvice:
    'Não chegou nada depois de alguns minutos? Olhe a pasta de spam, confira o endereço ou abra a página de faturamento a partir do seu produto. Pergunte a um administrador do seu espaço qual é o seu papel.',
  tooOftenTitle: 'Espere um pouco',
  tooOftenLead: 'Muitos links foram pedidos a partir da sua rede. Tente de novo em dez minutos.',
  chooseTitle: 'Entrar',
  chooseLead: 'Qual página de faturamento você quer abrir? O link deixa você entrar em uma delas, uma vez.',
  enter: 'Abrir {workspace}',
  enterSupport: 'Abrir o console de suporte',
  again: 'Pedir outro link',
};

const byLocale = new Map<string, SignInTexts>([
  ['en', en],
  ['es', es],
  ['pt-BR', ptBr],
]);

/** The texts in a language that there are texts in. */
export const signInTextsIn = (locale: string): SignInTexts => byLocale.get(locale) ?? en;
