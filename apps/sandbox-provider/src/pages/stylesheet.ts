/** The style of all pages of the sandbox. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f3f4f7, #14161b);
  --panel: light-dark(#ffffff, #1e2128);
  --ink: light-dark(#1a1d23, #eceef2);
  --quiet: light-dark(#5b6270, #a3abba);
  --line: light-dark(#d9dde5, #363b46);
  --accent: light-dark(#1f5fd0, #7fabff);
  --on-accent: light-dark(#ffffff, #0d1420);
  --bad: light-dark(#a3211b, #ff9d95);
  --bad-page: light-dark(#fdeceb, #3a1d1c);
  --good: light-dark(#146c3c, #7fd9a4);
  --note: light-dark(#fff4d6, #3a3118);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
.banner { background: var(--note); border-bottom: 1px solid var(--line); padding: 6px 16px; text-align: center; font-size: 14px; }
main { max-width: 520px; margin: 24px auto; padding: 0 16px; }
main.wide { max-width: 1100px; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 24px; margin-bottom: 16px; }
h1 { font-size: 18px; margin: 0 0 4px; }
h2 { font-size: 16px; margin: 0 0 12px; }
form + h2 { margin-top: 24px; }
p { margin: 0 0 12px; }
.amount { font-size: 34px; font-weight: 650; line-height: 1.2; margin: 4px 0; font-variant-numeric: tabular-nums; }
.quiet { color: var(--quiet); font-size: 14px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 12px 0 0; font-size: 14px; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; margin-bottom: 4px; }
input, textarea {
  width: 100%; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--quiet);
  border-radius: 8px; padding: 10px 12px; font-variant-numeric: tabular-nums;
}
textarea { font-family: ui-monospace, monospace; font-size: 13px; resize: vertical; overflow-wrap: anywhere; }
button {
  font: inherit; font-weight: 600; cursor: pointer; min-height: 44px; padding: 8px 16px; border-radius: 8px;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent);
}
button.main { width: 100%; margin-top: 12px; }
button.small { min-height: 32px; padding: 2px 10px; font-size: 14px; background: transparent; color: var(--accent); }
button.link { background: none; border: none; color: var(--accent); text-decoration: underline; font-weight: 400; }
button.wallet { background: #ffc439; border-color: #e0a800; color: #111; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.fault { background: var(--bad-page); color: var(--bad); border: 1px solid var(--bad); border-radius: 8px; padding: 10px 14px; margin-bottom: 16px; }
.cards { list-style: none; margin: 0; padding: 0; }
.cards li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; justify-content: space-between; padding: 8px 0; border-top: 1px solid var(--line); }
.cards code { font-size: 14px; }
.qr { background: #fff; border-radius: 8px; padding: 8px; width: 272px; max-width: 100%; margin: 0 auto 16px; }
.qr svg { display: block; width: 100%; height: auto; min-width: 240px; }
.center { text-align: center; }
.languages { display: flex; gap: 12px; justify-content: center; font-size: 14px; list-style: none; padding: 0; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { text-align: left; padding: 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scroll { overflow-x: auto; }
.state-succeeded { color: var(--good); font-weight: 600; }
.state-declined { color: var(--bad); font-weight: 600; }
`;
