import type { CSSProperties, ReactElement } from 'react';
import type { MailModel } from './mail-model.js';

/** Where the readers of an optional mail stop such mails. */
export type StopLink = { readonly label: string; readonly url: string };

type CodePicture = { readonly cid: string; readonly widthPx: number };

/** What the shape of a mail needs beyond its model. */
export type MailDocumentProps = {
  readonly model: MailModel;
  readonly locale: string;
  readonly actionUrl: string;
  readonly footer: string;
  readonly stop: StopLink | undefined;
  /** The picture of the code, where the mail has one. */
  readonly qr: CodePicture | undefined;
};

/**
 * Colours for mail programs that follow the reader's dark mode. Every other style is inline, because many programs drop
 * style sheets; those show the light colours.
 */
const DARK_MODE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #14171c !important; }
  .card { background-color: #1f242c !important; border-color: #39414d !important; }
  .strong { color: #f3f5f8 !important; }
  .soft { color: #aab4c2 !important; }
  .line { border-color: #39414d !important; }
  .button { background-color: #7ab5ff !important; color: #0b1a2e !important; }
}`;

const FONT = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
const strong: CSSProperties = { color: '#1a2230', fontFamily: FONT };
const soft: CSSProperties = { color: '#56606f', fontFamily: FONT };
const fullWidth: CSSProperties = { width: '100%', borderCollapse: 'collapse' };

/** The HTML of one mail. React escapes every text in it; the style sheet above is the only constant that it does not. */
export function MailDocument({ model, locale, actionUrl, footer, stop, qr }: MailDocumentProps): ReactElement {
  return (
    <html lang={locale} dir="ltr">
      <head>
        <meta httpEquiv="Content-Type" content="text/html; charset=utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{model.subject}</title>
        <style dangerouslySetInnerHTML={{ __html: DARK_MODE }} />
      </head>
      <body className="page" style={{ margin: 0, padding: 0, backgroundColor: '#f2f4f7' }}>
        <div style={{ display: 'none', maxHeight: 0, overflow: 'hidden', opacity: 0 }}>{model.preheader}</div>
        <table role="presentation" className="page" style={{ ...fullWidth, backgroundColor: '#f2f4f7' }}>
          <tbody>
            <tr>
              <td align="center" style={{ padding: '32px 12px' }}>
                <Card model={model} actionUrl={actionUrl} qr={qr} />
                <p
                  className="soft"
                  style={{ ...soft, maxWidth: 560, fontSize: 13, lineHeight: '20px', margin: '20px 0 0' }}
                >
                  {footer}
                  {stop === undefined ? null : (
                    <>
                      {' '}
                      <a className="soft" href={stop.url} style={soft}>
                        {stop.label}
                      </a>
                    </>
                  )}
                </p>
              </td>
            </tr>
          </tbody>
        </table>
      </body>
    </html>
  );
}

const card: CSSProperties = {
  ...fullWidth,
  maxWidth: 560,
  backgroundColor: '#ffffff',
  border: '1px solid #dfe4ea',
  borderCollapse: 'separate',
  borderRadius: 10,
};

function Card({ model, actionUrl, qr }: Pick<MailDocumentProps, 'model' | 'actionUrl' | 'qr'>): ReactElement {
  return (
    <table role="presentation" className="card" style={card}>
      <tbody>
        <tr>
          <td align="left" style={{ padding: '32px 28px' }}>
            <h1 className="strong" style={{ ...strong, fontSize: 24, lineHeight: '32px', margin: '0 0 16px' }}>
              {model.heading}
            </h1>
            {model.paragraphs.map((paragraph, index) => (
              <p
                key={index}
                className="strong"
                style={{ ...strong, fontSize: 16, lineHeight: '24px', margin: '0 0 16px' }}
              >
                {paragraph}
              </p>
            ))}
            {qr === undefined ? null : <Code model={model} qr={qr} />}
            <Details model={model} />
            <a className="button" href={actionUrl} style={button}>
              {model.action.label}
            </a>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Code({ model: { code }, qr }: { readonly model: MailModel; readonly qr: CodePicture }): ReactElement | null {
  if (code === undefined) return null;
  return (
    <>
      <img
        src={`cid:${qr.cid}`}
        alt={code.alt}
        // Else React asks for it a second time in the head of the document.
        loading="lazy"
        width={qr.widthPx}
        height={qr.widthPx}
        style={{
          display: 'block',
          maxWidth: '100%',
          height: 'auto',
          backgroundColor: '#ffffff',
          margin: '0 auto 16px',
        }}
      />
      <p className="soft" style={{ ...soft, fontSize: 15, lineHeight: '22px', margin: '0 0 4px' }}>
        {code.label}
      </p>
      <p
        className="strong"
        style={{
          ...strong,
          fontFamily: 'monospace',
          fontSize: 14,
          lineHeight: '20px',
          margin: 0,
          wordBreak: 'break-all',
        }}
      >
        {code.text}
      </p>
    </>
  );
}

const button: CSSProperties = {
  display: 'inline-block',
  padding: '14px 24px',
  borderRadius: 8,
  backgroundColor: '#0b5cc4',
  color: '#ffffff',
  fontFamily: FONT,
  fontSize: 16,
  fontWeight: 600,
  lineHeight: '20px',
  textDecoration: 'none',
};

const cell: CSSProperties = { padding: '10px 0', borderTop: '1px solid #e4e8ee', fontSize: 15, lineHeight: '22px' };

function Details({ model }: { readonly model: MailModel }): ReactElement {
  return (
    <table style={{ ...fullWidth, margin: '8px 0 28px' }}>
      <tbody>
        {model.details.map(({ label, value }) => (
          <tr key={label}>
            <th
              scope="row"
              align="left"
              className="soft line"
              style={{ ...soft, ...cell, fontWeight: 400, width: '40%' }}
            >
              {label}
            </th>
            <td align="right" className="strong line" style={{ ...strong, ...cell, fontWeight: 600 }}>
              {value}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
