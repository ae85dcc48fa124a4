import { createTransport } from 'nodemailer';
import type { NodemailerError, SendMailOptions } from 'nodemailer';
import type { Readable } from 'node:stream';
import type { MailPicture } from './mail-templates/qr-picture.js';
import { checkAddress, hasControlCharacter, parseSender } from './mail-address.js';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_CONNECTIONS = 4;
const MESSAGES_PER_CONNECTION = 100;
/** Below what servers allow an idle client, so that it is seldom the server that hangs up. */
const IDLE_CONNECTION_MS = 20_000;
const SUBJECT_LENGTH_MAX = 250;
const MESSAGE_ID = /^<[A-Za-z0-9._+-]{1,120}@[A-Za-z0-9.-]{1,120}>$/;
const DOCUMENTS_MAX = 3;
const DOCUMENT_BYTES_MAX = 2_097_152;
const DOCUMENT_NAME = /^[A-Za-z0-9-]{1,60}\.pdf$/;
const PDF_BEGINNING = '%PDF-';
const PICTURES_MAX = 3;
const PICTURE_BYTES_MAX = 65_536;
const PICTURE_ID = /^[a-z0-9-]{1,40}@[a-z0-9.-]{1,80}$/;
const PICTURE_NAME = /^[a-z0-9-]{1,40}\.png$/;
const PNG_BEGINNING = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,60}$/;

/** One mail to one person. `messageId` is stable over all tries (`<notification-id@domain>`), so a second copy is recognisable. */
export type OutgoingMail = {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** PNG pictures that the HTML shows by their ids. Beside them and our own documents nothing ever travels: nobody's file. */
  readonly pictures?: readonly MailPicture[];
  /** PDFs that the fleet drew. */
  readonly documents?: readonly { readonly fileName: string; readonly pdf: Buffer }[];
};

/**
 * What became of one try.
 * - `sent`: the server took the mail.
 * - `refused`: surely not delivered. `permanent` tells whether the same mail would be refused again.
 * - `unknown`: the connection was lost once the message was on its way; it may have been delivered. Only a mail that may
 *   come twice is sent again after this.
 */
export type SendOutcome =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'refused';
      readonly permanent: boolean;
      /** Whether it was the address that was refused for good, and so any other mail to it would be. */
      readonly isBounce: boolean;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: 'unknown'; readonly message: string };

/** Where mail leaves, and as whom. TLS follows the URL: `smtps:` from the first byte, `smtp:` with STARTTLS if offered. */
export type SmtpMailerOptions = {
  readonly url: string;
  readonly from: string;
  /** For one mail, from asking for a connection to the server's last reply. */
  readonly timeoutMs?: number;
  readonly maxConnections?: number;
};

/** Sends mail over pooled SMTP connections. */
export type SmtpMailer = {
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** @throws Error when the server cannot be reached or refuses the credentials. */
  verify(): Promise<void>;
  close(): void;
};

/** Watches the message stream of one mail: once the connection has read from it, the server may have the whole mail. */
type Watch = { stream?: Readable };
const WATCH = 'billfleetWatch';

/**
 * Opens a mailer; connections are made when the first mail leaves.
 * @throws Error when the sender is not one address.
 */
export function smtpMailer(options: SmtpMailerOptions): SmtpMailer {
  const from = parseSender(options.from);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const transport = createTransport({
    pool: true,
    url: options.url,
    maxConnections: options.maxConnections ?? DEFAULT_CONNECTIONS,
    maxMessages: MESSAGES_PER_CONNECTION,
    // The pool queues a mail again when its connection closes. One such turn heals a connection that the server closed
    // while it was idle; the watch below makes sure that nothing is read, and so sent, a second time.
    maxRequeues: 1,
    idleTimeout: IDLE_CONNECTION_MS,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transport.use('stream', (mail, done) => {
    const watch = (mail.data as SendMailOptions & { [WATCH]?: Watch })[WATCH];
    if (watch !== undefined) mail.message.processFunc((stream) => watchStream(watch, stream));
    done();
  });

  return {
    send: async (mail) => {
      const fault = faultOf(mail);
      if (fault !== undefined)
        return { kind: 'refused', permanent: true, isBounce: false, code: 'EINVALID', message: fault };
      const watch: Watch = {};
      const message = { ...messageOf(mail), from, signal: AbortSignal.timeout(timeoutMs), [WATCH]: watch };
      try {
        await transport.sendMail(message);
        return { kind: 'sent' };
      } catch (error) {
        return outcomeOf(error as NodemailerError, watch);
      }
    },
    verify: async () => {
      await transport.verify();
    },
    close: () => {
      transport.close();
    },
  };
}

function watchStream(watch: Watch, stream: Readable): Readable {
  if (watch.stream?.readableDidRead === true) stream.destroy(new Error('this mail has been on its way before'));
  else watch.stream = stream;
  return stream;
}

function messageOf(mail: OutgoingMail): SendMailOptions {
  return {
    messageId: mail.messageId,
    to: [{ name: '', address: mail.to }],
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    attachments: [
      ...(mail.pictures ?? []).map(({ cid, fileName, png }) => ({
        ...{ cid, filename: fileName, content: png },
        ...{ contentType: 'image/png', contentDisposition: 'inline' as const },
      })),
      ...(mail.documents ?? []).map(({ fileName, pdf }) => ({
        ...{ filename: fileName, content: pdf },
        ...{ contentType: 'application/pdf', contentDisposition: 'attachment' as const },
      })),
    ],
    headers: {
      ...mail.headers,
      // Keeps holiday replies away, and tells Gmail that two mails of one subject are not one conversation.
      'Auto-Submitted': 'auto-generated',
      'X-Entity-Ref-ID': mail.messageId.slice(1, -1),
    },
  };
}

/** Why a mail must not go to any server, or nothing. Texts from outside never reach a header unchecked. */
function faultOf(mail: OutgoingMail): string | undefined {
  const address = checkAddress(mail.to);
  if (!address.ok) return `recipient: ${address.reason}`;
  if (!MESSAGE_ID.test(mail.messageId)) return 'the message id is not of the form <id@domain>';
  if (mail.subject.length > SUBJECT_LENGTH_MAX || hasControlCharacter(mail.subject)) {
    return `the subject holds a control character or more than ${String(SUBJECT_LENGTH_MAX)} characters`;
  }
  for (const [name, value] of Object.entries(mail.headers ?? {})) {
    if (!HEADER_NAME.test(name) || hasControlCharacter(value)) return 'a header name or value is not allowed';
  }
  if (!(mail.pictures ?? []).every(isPicture) || (mail.pictures ?? []).length > PICTURES_MAX) {
    return `a picture is no PNG, has no proper name, or is over ${String(PICTURE_BYTES_MAX)} bytes; or there are too many`;
  }
  if (!(mail.documents ?? []).every(isDocument) || (mail.documents ?? []).length > DOCUMENTS_MAX) {
    return `a document is no PDF, has no proper name, or is over ${String(DOCUMENT_BYTES_MAX)} bytes; or there are too many`;
  }
  if (mail.html.includes('\0') || mail.text.includes('\0')) return 'the body holds a NUL character';
  return undefined;
}

const isDocument = ({ fileName, pdf }: NonNullable<OutgoingMail['documents']>[number]): boolean =>
  DOCUMENT_NAME.test(fileName) &&
  pdf.length <= DOCUMENT_BYTES_MAX &&
  pdf.subarray(0, PDF_BEGINNING.length).toString('latin1') === PDF_BEGINNING;

const isPicture = ({ cid, fileName, png }: MailPicture): boolean =>
  PICTURE_ID.test(cid) &&
  PICTURE_NAME.test(fileName) &&
  png.length <= PICTURE_BYTES_MAX &&
  png.subarray(0, PNG_BEGINNING.length).equals(PNG_BEGINNING);

function outcomeOf(error: NodemailerError, watch: Watch): SendOutcome {
  const { responseCode, code = 'EUNKNOWN', message } = error;
  const wasUnderWay = watch.stream?.readableDidRead === true;
  // A negative reply is the server's word that it has not taken the mail, also when it comes after the message itself.
  // 421 is not: a server that shuts down says it to every connection, while it may still be storing the mail.
  const isReply = responseCode !== undefined && responseCode >= 400 && !(responseCode === 421 && wasUnderWay);
  if (isReply) {
    // Wrong credentials or a closed door are ours to mend; only a word about this very mail is final for it.
    const permanent = (code === 'EENVELOPE' || code === 'EMESSAGE') && error.permanent === true;
    return {
      kind: 'refused',
      permanent,
      isBounce: permanent && error.command === 'RCPT TO',
      code: String(responseCode),
      message,
    };
  }
  return wasUnderWay
    ? { kind: 'unknown', message }
    : { kind: 'refused', permanent: false, isBounce: false, code, message };
}
