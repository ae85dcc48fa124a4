import type { GuardedServer } from './guarded-server.js';
import type { ServerHandle } from './server-handle.js';

/** What differs between the servers: how to launch on the fixed port, how to empty the data, what to clear at the end. */
export type ServerRecipe = {
  url: string;
  port: number;
  dataDir: string;
  launch(): Promise<GuardedServer>;
  wipe(): void;
  cleanUp(): void;
};

/** Turns a recipe into a running server that can be stopped, killed and restarted in place. */
export async function startRestartable(recipe: ServerRecipe): Promise<ServerHandle> {
  let server: GuardedServer | undefined = await recipe.launch();
  let pid = server.pid;
  const end = async (how: (running: GuardedServer) => Promise<void>): Promise<void> => {
    const running = server;
    server = undefined;
    if (running !== undefined) await how(running);
  };
  return {
    url: recipe.url,
    port: recipe.port,
    dataDir: recipe.dataDir,
    get pid() {
      return pid;
    },
    async stop() {
      await end((running) => running.stop());
      recipe.cleanUp();
    },
    kill: (signal = 'SIGKILL') => end((running) => running.kill(signal)),
    async restart({ wipe = false } = {}) {
      // Signalled, not stopped by closing the pipe: that would remove the ephemeral data which must survive.
      await end((running) => running.kill('SIGINT'));
      if (wipe) recipe.wipe();
      server = await recipe.launch();
      pid = server.pid;
    },
  };
}
