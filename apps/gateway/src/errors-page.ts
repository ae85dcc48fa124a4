import { readFileSync } from 'node:fs';
import { marked } from 'marked';

const SOURCE = 'docs/reference/http-errors.md';

const HEAD = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Billfleet: errors</title><style>body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #8886;padding:.4rem .6rem;text-align:left;vertical-align:top}pre{overflow:auto;padding:1rem;border:1px solid #8886}
tr:target{outline:2px solid Highlight}</style></head><body><main>`;

/** The page that the `type` of every problem leads to: what each error code means, one anchor a code. Undefined where the documents are not installed. */
export function errorsPage(): string | undefined {
  let text: string;
  try {
    text = readFileSync(SOURCE, 'utf8');
  } catch {
    return undefined;
  }
  const html = marked.parse(text, { async: false });
  return `${HEAD}${html.replace(/<tr>\s*<td><code>([a-z_]+)<\/code>/g, '<tr id="$1"><td><code>$1</code>')}</main></body></html>`;
}
