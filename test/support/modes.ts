import { Fleet } from './fleet.js';

/** The ways in which every journey is played: each must come to the same end. */
export type Mode = { readonly mode: string; readonly doubleDelivery: boolean; readonly crashAt: number };

export const modes: readonly Mode[] = [
  { mode: 'plainly', doubleDelivery: false, crashAt: 0 },
  { mode: 'with everything delivered twice', doubleDelivery: true, crashAt: 0 },
  { mode: 'with a crash before the first commit of each process', doubleDelivery: false, crashAt: 1 },
  { mode: 'with a crash before the second commit of each process', doubleDelivery: false, crashAt: 2 },
  { mode: 'with a crash before the third commit of each process', doubleDelivery: false, crashAt: 3 },
];

/** A fleet for one mode. */
export const fleetFor = ({ doubleDelivery }: Mode): Promise<Fleet> => Fleet.start({ doubleDelivery });
