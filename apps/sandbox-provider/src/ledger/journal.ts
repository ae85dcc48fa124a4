import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const chunkBytes = 1_048_576;

const newLine = 0x0a;

/** When a process began, in the kernel's own units; empty where the kernel does not say. Tells a reused process id apart. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

// Two processes that compact the same file would each lose what the other wrote. A lock left by kill -9 is seen through.
const lock = (path: string): void => {
  let held = '';
  try {
    held = readFileSync(path, 'utf8');
  } catch {
    // No lock, or none that can be read: writing our own says which.
  }
  const [pidText = '', start = ''] = held.split(' ');
  const pid = Number(pidText);
  if (pid > 0 && pid !== process.pid && isAlive(pid) && startOf(pid) === start)
    throw new Error(`the data of the sandbox provider are in use by process ${pidText} (${path})`);
  writeFileSync(path, `${String(process.pid)} ${startOf(process.pid)}`);
};

/**
 * An append-only file of JSON lines. A line is one group of facts that became true together; once `append` has returned, the
 * group survives the death of the process. A line that was cut off by such a death was never answered for and is dropped.
 */
export class Journal {
  private readonly path: string;
  private readonly lockPath: string;
  private file: number;
  private sizeBytes = 0;

  /** @throws Error when another live process has the folder. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, 'payments.jsonl');
    this.lockPath = join(folder, 'payments.lock');
    lock(this.lockPath);
    this.file = openSync(this.path, 'a+', 0o600);
  }

  get bytes(): number {
    return this.sizeBytes;
  }

  /** Hands every line to `take`, oldest first, and cuts off a torn end. */
  replay(take: (line: unknown) => void): void {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let rest: Buffer = Buffer.alloc(0);
    let wholeBytes = 0;
    let at = 0;
    for (;;) {
      const got = readSync(this.file, chunk, 0, chunkBytes, at);
      if (got === 0) break;
      at += got;
      let bytes = Buffer.concat([rest, chunk.subarray(0, got)]);
      for (let end = bytes.indexOf(newLine); end !== -1; end = bytes.indexOf(newLine)) {
        take(JSON.parse(bytes.toString('utf8', 0, end)));
        wholeBytes += end + 1;
        bytes = bytes.subarray(end + 1);
      }
      rest = bytes;
    }
    if (rest.length > 0) ftruncateSync(this.file, wholeBytes);
    this.sizeBytes = wholeBytes;
  }

  /** Writes one line before returning. When the disk refuses, nothing of it stays behind. */
  append(line: unknown): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      for (let done = 0; done < bytes.length; done += writeSync(this.file, bytes, done));
    } catch (error) {
      ftruncateSync(this.file, this.sizeBytes);
      throw error;
    }
    this.sizeBytes += bytes.length;
  }

  /** Replaces all lines by fewer that say the same. A death in the middle leaves the old file whole. */
  replace(lines: Iterable<unknown>): void {
    const fresh = `${this.path}.new`;
    rmSync(fresh, { force: true });
    const file = openSync(fresh, 'a+', 0o600);
    let sizeBytes = 0;
    for (const line of lines) {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      for (let done = 0; done < bytes.length; done += writeSync(file, bytes, done));
      sizeBytes += bytes.length;
    }
    fsyncSync(file);
    renameSync(fresh, this.path);
    closeSync(this.file);
    this.file = file;
    this.sizeBytes = sizeBytes;
  }

  close(): void {
    closeSync(this.file);
    rmSync(this.lockPath, { force: true });
  }
}
