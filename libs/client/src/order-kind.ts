/** Everything that can be ordered. */
export type OrderKind =
  'purchase' | 'upgrade' | 'add-seats' | 'upgrade-and-add-seats' | 'extension' | 'renewal' | 'add-on';
