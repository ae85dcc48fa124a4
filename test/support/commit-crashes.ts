/** Makes commits fail: in each process the n-th one from now, once. */
export class CommitCrashes {
  private readonly left = new Map<string, number>();
  readonly struck: string[] = [];
  private isSparing = false;

  arm(apps: readonly string[], nth: number): void {
    this.struck.length = 0;
    this.left.clear();
    for (const app of apps) this.left.set(app, nth);
  }

  /** Lets the test's own commits through. */
  async spare<Made>(make: () => Promise<Made>): Promise<Made> {
    this.isSparing = true;
    try {
      return await make();
    } finally {
      this.isSparing = false;
    }
  }

  strike(app: string): void {
    if (this.isSparing) return;
    const left = this.left.get(app);
    if (left === undefined) return;
    if (left > 1) {
      this.left.set(app, left - 1);
      return;
    }
    this.left.delete(app);
    this.struck.push(app);
    throw new Error('a crash before the commit, made by the test');
  }
}
