import { createReadStream } from 'node:fs';
import { mkdir, open, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

const NEWLINE = 0x0a;

/** Where a line lies in the file, in bytes and without its line break. */
export type LinePosition = { readonly offset: number; readonly length: number };

type Waiting = {
  readonly line: Buffer;
  readonly done: (position: LinePosition) => void;
  readonly failed: (error: unknown) => void;
};

/**
 * A file of lines that only grows. What `append` has resolved for survives the death of this process: it has been handed
 * to the operating system. Lines that arrive while a write is under way are written together by the next one.
 */
export class AppendLog {
  private waiting: Waiting[] = [];
  private writing: Promise<void> = Promise.resolve();
  private isWriting = false;

  private constructor(
    private readonly file: FileHandle,
    private sizeBytes: number,
  ) {}

  /** Opens the file, creates it if need be, and plays back every whole line in the order in which they were written. */
  static async open(path: string, onLine: (line: string, position: LinePosition) => void): Promise<AppendLog> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a+');
    const wholeBytes = await replay(path, onLine);
    // A last line without its end was cut off by a crash and never confirmed to anybody. It goes, or it would spoil the next.
    if ((await file.stat()).size > wholeBytes) await truncate(path, wholeBytes);
    return new AppendLog(file, wholeBytes);
  }

  /** Adds one line, which must not hold a line break, and resolves once it is in the file. */
  append(line: string): Promise<LinePosition> {
    return new Promise((done, failed) => {
      this.waiting.push({ line: Buffer.from(`${line}\n`), done, failed });
      if (!this.isWriting) this.writing = this.writeWaiting();
    });
  }

  /** Reads one line back. */
  async read({ offset, length }: LinePosition): Promise<string> {
    const buffer = Buffer.alloc(length);
    await this.file.read(buffer, 0, length, offset);
    return buffer.toString();
  }

  /** Waits for what is being written, then closes the file. */
  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }

  /** Never rejects: each line that could not be written is told to the one who waits for it. */
  private async writeWaiting(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.file.appendFile(Buffer.concat(batch.map(({ line }) => line)));
      } catch (error) {
        for (const { failed } of batch) failed(error);
        continue;
      }
      for (const { line, done } of batch) {
        done({ offset: this.sizeBytes, length: line.length - 1 });
        this.sizeBytes += line.length;
      }
    }
    // In the same turn as the last look at what waits: a line that comes after this must start a writer of its own.
    this.isWriting = false;
  }
}

/** Calls back for each whole line and returns how many bytes the whole lines take. */
async function replay(path: string, onLine: (line: string, position: LinePosition) => void): Promise<number> {
  let offset = 0;
  let parts: Buffer[] = [];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([...parts, chunk.subarray(start, end)]);
      onLine(line.toString(), { offset, length: line.length });
      offset += line.length + 1;
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  }
  return offset;
}
