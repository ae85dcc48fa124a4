import { setTimeout as wait } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { MailFaults } from './mail-faults.js';
import type { MailStore } from './mail-store.js';

const MESSAGE_BYTES_MAX = 2 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 1_000;

/** A refusal that the SMTP server turns into a reply. */
class SmtpRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** A real SMTP server without login and TLS, for one machine, that puts every mail into the store before it says yes. */
export class SmtpListener {
  private readonly server: SMTPServer;
  private readonly sockets = new Map<number, Socket>();

  constructor(
    private readonly store: MailStore,
    private readonly faults: MailFaults,
  ) {
    this.server = new SMTPServer({
      name: 'mailbox.localhost',
      banner: 'development mailbox',
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: MESSAGE_BYTES_MAX,
      closeTimeout: CLOSE_TIMEOUT_MS,
      onMailFrom: (_address, _session, answer) => {
        answer(this.faults.draw('refuse421') ? new SmtpRefusal(421, 'busy on purpose, try again later') : null);
      },
      // As a server does that has no such mailbox.
      onRcptTo: (_address, _session, answer) => {
        answer(this.faults.draw('refuse550') ? new SmtpRefusal(550, 'refused on purpose') : null);
      },
      onData: (stream, session, answer) => {
        this.receive(stream, session).then(
          (reply) => {
            if (reply !== undefined) answer(null, reply);
          },
          (error: unknown) => {
            answer(error instanceof Error ? error : new Error(String(error)));
          },
        );
      },
    });
    this.server.server.on('connection', (socket: Socket) => {
      this.track(socket);
    });
    // A client that hangs up in the middle is its own affair; without a listener it would end this process.
    this.server.on('error', () => undefined);
  }

  /** Starts to listen, and returns the port; port 0 picks a free one. */
  async start(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const { server } = this.server;
      server.once('error', (cause: NodeJS.ErrnoException) => {
        reject(new Error(`SMTP cannot listen on ${host}:${String(port)}: ${cause.code ?? cause.message}`, { cause }));
      });
      server.listen(port, host, resolve);
    });
    return this.port();
  }

  /** The port that is listened on. */
  port(): number {
    const address = this.server.server.address();
    if (address === null || typeof address === 'string') throw new Error('the SMTP server does not listen');
    return address.port;
  }

  /** Stops listening; mails under way get a second to finish. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(resolve);
    });
  }

  /** Returns the reply, or nothing when the connection was cut on purpose. */
  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    if (stream.sizeExceeded) throw new SmtpRefusal(552, `the mail is larger than ${String(MESSAGE_BYTES_MAX)} bytes`);
    const { delayMs } = this.faults.settings();
    if (delayMs > 0) await wait(delayMs);
    const { mailFrom, rcptTo } = session.envelope;
    const { id } = await this.store.accept({
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
      raw: Buffer.concat(chunks),
      receivedAt: new Date(),
    });
    if (!this.faults.draw('dropAfterData')) return `stored as ${String(id)}`;
    this.sockets.get(session.remotePort)?.destroy();
    return undefined;
  }

  /** Remote ports tell connections apart here: all of them come from one machine. */
  private track(socket: Socket): void {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    this.sockets.set(remotePort, socket);
    socket.once('close', () => {
      if (this.sockets.get(remotePort) === socket) this.sockets.delete(remotePort);
    });
  }
}
