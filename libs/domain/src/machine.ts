/** Which states may follow each state. A state that nothing follows is an end. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

/** Says whether a table lets one state follow another. Staying in a state is not a move. */
export function canMove<State extends string>(transitions: Transitions<State>, from: State, to: State): boolean {
  return transitions[from].includes(to);
}

/**
 * Looks over a state machine: every target is a known state, no state follows itself, every state is reached from the
 * first one, and exactly the states that are marked as ends have nothing that follows.
 * @returns one sentence for each fault; none when the machine is sound.
 */
export function checkMachine<State extends string>(machine: {
  readonly transitions: Transitions<State>;
  readonly initial: State;
  readonly terminal: readonly State[];
}): readonly string[] {
  const table = new Map<string, readonly string[]>(Object.entries<readonly string[]>(machine.transitions));
  const terminal = new Set<string>(machine.terminal);
  const reached = reachableFrom(machine.initial, table);
  const faults: string[] = [];
  for (const [state, targets] of table) {
    if (!reached.has(state)) faults.push(`${state} is never reached from ${machine.initial}`);
    if (targets.includes(state)) faults.push(`${state} follows itself`);
    if (terminal.has(state) && targets.length > 0) faults.push(`${state} is marked as an end but goes on`);
    if (!terminal.has(state) && targets.length === 0) faults.push(`${state} is an end but not marked as one`);
    for (const target of targets) if (!table.has(target)) faults.push(`${state} goes to the unknown ${target}`);
  }
  for (const state of [machine.initial, ...terminal]) {
    if (!table.has(state)) faults.push(`${state} is not in the table`);
  }
  return faults;
}

function reachableFrom(initial: string, table: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>([initial]);
  // A set that grows while it is walked: each state is visited once.
  for (const state of reached) for (const target of table.get(state) ?? []) reached.add(target);
  return reached;
}
