/** Scripts never run on our pages, and forms go nowhere else. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const STYLE = `body{font:1.05rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}h1{font-size:1.5rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.3rem 1.5rem}dt{opacity:.75}dd{margin:0}code{overflow-wrap:anywhere}
input{font:inherit;padding:.6rem;width:100%;box-sizing:border-box;border:1px solid #767676;border-radius:.4rem}[role=alert]{border-inline-start:.25rem solid #d6336c;padding-inline-start:.6rem}
button,.go{font:inherit;font-weight:600;padding:.7rem 1.4rem;border:0;border-radius:.4rem;background:#0b5fff;color:#fff;text-decoration:none;display:inline-block}`;

/** Makes any text safe between tags and in quoted attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);

/** Fills `{x}` in a text; what has no value is left out. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

/** One page for people who came by a link in a mail. `title` is plain text; `head` and `body` are HTML, each text in them escaped. */
export function framedPage(page: {
  readonly locale: string;
  readonly title: string;
  readonly head?: string;
  readonly body: string;
}): string {
  const title = escaped(page.title);
  return `<!doctype html><html lang="${escaped(page.locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">${page.head ?? ''}<title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1>${page.body}</main></body></html>`;
}
