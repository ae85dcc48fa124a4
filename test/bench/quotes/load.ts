import net from 'node:net';

/** What a stretch of requests came to. */
export type Stretch = { readonly perSecond: number; readonly answered: number; readonly refused: number };

const HEAD_END = '\r\n\r\n';

/** The bytes of one request on a connection that is kept alive. */
export function requestBytes(
  method: string,
  path: string,
  { host, apiKey, body }: { host: string; apiKey: string; body?: string },
): Buffer {
  const content =
    body === undefined
      ? ''
      : `content-type: application/json\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\n`;
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${apiKey}\r\n${content}\r\n`;
  return Buffer.from(`${head}${body ?? ''}`);
}

/**
 * Sends requests over connections that stay open, each connection its next one as soon as the last is answered. Written
 * on bare sockets, so that on a small machine the load costs as little as possible next to what it measures.
 */
export class Load {
  private constructor(private readonly sockets: readonly net.Socket[]) {}

  static async connect(port: number, connections: number): Promise<Load> {
    const sockets = Array.from({ length: connections }, () => net.connect({ port, host: '127.0.0.1', noDelay: true }));
    await Promise.all(
      sockets.map(
        (socket) => new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
      ),
    );
    return new Load(sockets);
  }

  /** Runs for so long; `requestOf` answers the request with the given number. */
  async run(seconds: number, requestOf: (nth: number) => Buffer): Promise<Stretch> {
    let sent = 0;
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * 1_000;
    const next = (): Buffer | undefined => {
      if (performance.now() >= endsAt) return undefined;
      sent += 1;
      return requestOf(sent - 1);
    };
    const refusals = await Promise.all(this.sockets.map((socket) => converse(socket, next)));
    const refused = refusals.reduce((sum, one) => sum + one, 0);
    return { perSecond: sent / ((performance.now() - startedAt) / 1_000), answered: sent, refused };
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Asks and waits in turns until there is no next request; answers how many were not answered with success. */
function converse(socket: net.Socket, next: () => Buffer | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    let refused = 0;
    let text = '';
    const ask = (): void => {
      const request = next();
      if (request !== undefined) {
        socket.write(request);
        return;
      }
      socket.off('data', onData).off('error', reject).off('close', onClose);
      resolve(refused);
    };
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const size = sizeOf(text);
      if (size === undefined || text.length < size) return;
      if (!text.startsWith('HTTP/1.1 2')) refused += 1;
      text = '';
      ask();
    };
    const onClose = (): void => {
      reject(new Error('the gateway closed a connection in the middle of the bench'));
    };
    socket.on('data', onData).once('error', reject).once('close', onClose);
    ask();
  });
}

/** Bytes of the whole answer, once its head is there. */
function sizeOf(text: string): number | undefined {
  const end = text.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? '0';
  return end + HEAD_END.length + Number(length);
}
