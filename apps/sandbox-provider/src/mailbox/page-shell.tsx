import type { ReactElement, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

const STYLE = `
:root { color-scheme: light dark; --page: #f4f6f8; --card: #fff; --ink: #18202b; --soft: #586474; --line: #dde2e9; --accent: #0b5cc4; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171c; --card: #1e232b; --ink: #eef1f5; --soft: #a5afbd; --line: #38404c; --accent: #7ab5ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 4px; overflow-wrap: anywhere; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.soft { color: var(--soft); margin: 0 0 16px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 10px 14px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: 13px; white-space: nowrap; }
td { overflow-wrap: anywhere; }
td.nowrap { white-space: nowrap; font-variant-numeric: tabular-nums; }
tr:last-child > td { border-bottom: 0; }
nav { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 12px; }
nav a { padding: 8px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); text-decoration: none; }
nav a[aria-current] { border-color: var(--accent); font-weight: 600; }
pre { margin: 0; padding: 16px; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, monospace; }
iframe { display: block; width: 100%; height: 78vh; border: 0; background: #fff; }
@media (prefers-color-scheme: dark) { iframe { background: #14171c; } }
.empty { padding: 32px; text-align: center; color: var(--soft); margin: 0; }`;

/** Headers of every page: nothing is loaded from anywhere, no script runs. */
export const PAGE_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A whole page of the stand-ins, as HTML. All texts are escaped by React. */
export function renderPage(page: { title: string; refreshSeconds?: number | undefined; body: ReactNode }): string {
  return `<!doctype html>${renderToStaticMarkup(<Page {...page} />)}`;
}

function Page(page: {
  readonly title: string;
  readonly refreshSeconds?: number | undefined;
  readonly body: ReactNode;
}): ReactElement {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {page.refreshSeconds === undefined ? null : <meta httpEquiv="refresh" content={String(page.refreshSeconds)} />}
        <title>{page.title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <main>{page.body}</main>
      </body>
    </html>
  );
}
