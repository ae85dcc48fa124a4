/** What starts a private server. `durable` decides whether a committed write survives a power cut. */
export type ServerOptions = {
  /** A throw-away data folder, removed by `stop`. */
  ephemeral: boolean;
  durable: boolean;
  /** A free one by default. */
  port?: number;
  /** Hears one line for each step that takes long enough to wonder about. */
  onProgress?: (line: string) => void;
};

/** A private server that runs; the same port and data serve it across `kill` and `restart`. */
export type ServerHandle = {
  readonly url: string;
  readonly port: number;
  /** Process id of the server itself; changes with each restart. */
  readonly pid: number;
  readonly dataDir: string;
  /** Orderly stop; removes ephemeral data. Calling it again does nothing. */
  stop(): Promise<void>;
  /** Ends the server at once, without a word to its clients, and keeps its data. Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port, after an orderly stop if it still runs; `wipe` empties the data first. */
  restart(options?: { wipe?: boolean }): Promise<void>;
};
