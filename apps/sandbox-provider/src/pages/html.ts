/** Markup that is safe to send: made by `html` alone. */
export class SafeHtml {
  constructor(readonly markup: string) {}
}

/** What may stand in a page. Texts are escaped, markup is not. */
export type HtmlPart = SafeHtml | string | number | undefined | readonly HtmlPart[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const render = (part: HtmlPart): string => {
  if (part === undefined) return '';
  if (part instanceof SafeHtml) return part.markup;
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
  if (typeof part === 'number') return String(part);
  return part.map(render).join('');
};

/** Builds markup; every value is escaped, so attributes must be quoted. */
export function html(texts: TemplateStringsArray, ...parts: readonly HtmlPart[]): SafeHtml {
  return new SafeHtml(texts.map((text, index) => text + render(parts[index])).join(''));
}
