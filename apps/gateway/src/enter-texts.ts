/** What the pages say that let people in and out. */
export type EnterTexts = {
  readonly locale: string;
  readonly overTitle: string;
  readonly overLead: string;
  readonly openTitle: string;
  readonly openLead: string;
  readonly openButton: string;
};

const en: EnterTexts = {
  locale: 'en',
  overTitle: 'This link is not good any more',
  overLead:
    'Each link lets one person in once, and only for a short time. Nothing was changed and nothing was charged.',
  openTitle: 'Open the billing page',
  openLead: 'This link lets you in once.',
  openButton: 'Open the billing page',
};

const es: EnterTexts = {
  locale: 'es',
  overTitle: 'Este enlace ya no sirve',
  overLead:
    'Cada enlace deja entrar a una persona una vez, y solo por poco tiempo. No se cambió nada ni se cobró nada.',
  openTitle: 'Abrir la página de facturación',
  openLead: 'Este enlace te deja entrar una vez.',
  openButton: 'Abrir la página de facturación',
};

const ptBr: EnterTexts = {
  locale: 'pt-BR',
  overTitle: 'Este link não vale mais',
  overLead: 'Cada link deixa uma pessoa entrar uma vez, e só por pouco tempo. Nada foi alterado e nada foi cobrado.',
  openTitle: 'Abrir a página de faturamento',
  openLead: 'Este link deixa você entrar uma vez.',
  openButton: 'Abrir a página de faturamento',
};

/** The texts in each language. */
export const enterTexts: readonly EnterTexts[] = [en, es, ptBr];

/** The language that a browser asks for first, of those that there are texts in; English where it asks for none of them. */
export function enterTextsFor(acceptLanguage: string | undefined): EnterTexts {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const weight = /^\s*q=([\d.]{1,5})$/.exec(parameters[0] ?? '')?.[1];
      return { language: tag.split('-')[0]?.toLowerCase() ?? '', weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight);
  const [first] = wanted.flatMap(({ language }) =>
    enterTexts.filter(({ locale }) => locale.split('-')[0] === language),
  );
  return first ?? en;
}
