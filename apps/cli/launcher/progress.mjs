// One line for each step that really did something, on stderr, without spinners.
/**
 * @param {string} name what the step brings
 * @param {() => Promise<string | false>} step what it found to say, or false when there was nothing to do
 */
export async function step(name, step) {
  const startedAt = performance.now();
  const said = await step();
  if (said === false) return;
  const tookMs = performance.now() - startedAt;
  const took = tookMs < 1000 ? `${Math.round(tookMs)} ms` : `${(tookMs / 1000).toFixed(1)} s`;
  process.stderr.write(`  ${name.padEnd(14)}${said.padEnd(50)} ${took}\n`);
}
