import type { ReactElement, ReactNode } from 'react';
import type { MailContent, MailSummary } from './mail-store.js';
import { renderPage } from './page-shell.js';

/** How often the list comes anew once the reader has asked for it. */
const REFRESH_SECONDS = 3;

/** The ways to look at one mail. */
export const mailTabs = ['html', 'text', 'headers', 'source'] as const;

/** One way to look at a mail. */
export type MailTab = (typeof mailTabs)[number];

const tabNames: Readonly<Record<MailTab, string>> = {
  html: 'HTML',
  text: 'Text',
  headers: 'Headers',
  source: 'Source',
};

/** The list of mails, newest first. */
export function renderMailList(mails: readonly MailSummary[], isRefreshing: boolean): string {
  return renderPage({
    title: 'Mailbox',
    refreshSeconds: isRefreshing ? REFRESH_SECONDS : undefined,
    body: (
      <>
        <h1>Mailbox</h1>
        <p className="soft">Every mail that left the fleet, newest first. It goes no further than here.</p>
        <nav aria-label="Refresh">
          <a href="/dev/mailbox">Refresh now</a>
          {isRefreshing ? (
            <a href="/dev/mailbox" aria-current="true">
              Stop refreshing
            </a>
          ) : (
            <a href="/dev/mailbox?refresh=on">Refresh every {REFRESH_SECONDS} seconds</a>
          )}
          <a href="/dev/mailbox/templates">All templates</a>
        </nav>
        <div className="card">
          {mails.length === 0 ? <p className="empty">No mail yet.</p> : <MailTable mails={mails} />}
        </div>
      </>
    ),
  });
}

function MailTable({ mails }: { readonly mails: readonly MailSummary[] }): ReactElement {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Received (UTC)</th>
          <th scope="col">To</th>
          <th scope="col">Subject</th>
        </tr>
      </thead>
      <tbody>
        {mails.map((mail) => (
          <tr key={mail.id}>
            <td className="nowrap">{readableInstant(mail.receivedAt)}</td>
            <td>{mail.to.join(', ')}</td>
            <td>
              <a href={`/dev/mailbox/${String(mail.id)}`}>{mail.subject === '' ? '(no subject)' : mail.subject}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One mail in one of the ways to look at it. */
export function renderMail(mail: MailContent, tab: MailTab): string {
  return renderPage({
    title: mail.subject === '' ? '(no subject)' : mail.subject,
    body: (
      <>
        <nav aria-label="Back">
          <a href="/dev/mailbox">All mails</a>
        </nav>
        <h1>{mail.subject === '' ? '(no subject)' : mail.subject}</h1>
        <p className="soft">
          {mail.from} to {mail.to.join(', ')}, {readableInstant(mail.receivedAt)} UTC
        </p>
        <nav aria-label="Views">
          {mailTabs.map((name) => (
            <a
              key={name}
              href={`/dev/mailbox/${String(mail.id)}?tab=${name}`}
              aria-current={name === tab ? 'page' : undefined}
            >
              {tabNames[name]}
            </a>
          ))}
        </nav>
        <div className="card">{tabContent(mail, tab)}</div>
      </>
    ),
  });
}

function tabContent(mail: MailContent, tab: MailTab): ReactNode {
  switch (tab) {
    case 'html':
      // The frame gets an origin of its own and no scripts; links may open a window, so that they can be followed.
      return (
        <iframe
          title="The mail as HTML"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          src={`/dev/mailbox/${String(mail.id)}/html`}
        />
      );
    case 'text':
      return <pre>{mail.text}</pre>;
    case 'source':
      return <pre>{mail.source}</pre>;
    case 'headers':
      return (
        <table>
          <tbody>
            {mail.headers.map(({ name, value }, index) => (
              <tr key={index}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}

/** The page for a mail that is not there. */
export function renderMailMissing(): string {
  return renderPage({
    title: 'No such mail',
    body: (
      <>
        <h1>No such mail</h1>
        <p className="soft">
          It may have been cleared. <a href="/dev/mailbox">All mails</a>
        </p>
      </>
    ),
  });
}

function readableInstant(iso: string): string {
  return iso.replace('T', ' ').slice(0, 19);
}
