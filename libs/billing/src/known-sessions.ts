/** Most sessions that are remembered. */
const KNOWN_MAX = 10_000;

/** Hashes of sessions that were found before: asking for one of them again is no guess. Who was seen longest ago is forgotten first. */
export class KnownSessions {
  private readonly hashes = new Set<string>();

  /** Remembers a session that was found, and forgets one that was not. */
  note(hash: string, wasFound: boolean): void {
    this.hashes.delete(hash);
    if (!wasFound) return;
    this.hashes.add(hash);
    const [oldest] = this.hashes;
    if (this.hashes.size > KNOWN_MAX && oldest !== undefined) this.hashes.delete(oldest);
  }

  has(hash: string): boolean {
    return this.hashes.has(hash);
  }
}
