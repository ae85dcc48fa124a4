/** People who call at the same moment. */
const AT_ONCE_MAX = 24;

/** Does something for each, so many at once. */
export async function inTurns<One>(all: readonly One[], act: (one: One) => Promise<void>): Promise<void> {
  const left = [...all].reverse();
  const worker = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await act(one);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE_MAX, all.length) }, worker));
}
