/** Records of others that an audit compares our books with. */
export type TruthKind = 'provider_truth' | 'mail_truth';

/**
 * One rule of the books as a query that answers one row per violation. `always`: must hold in every committed state.
 * `at-rest`: may be broken while work is on its way, and must hold once nothing is due any more.
 */
export type AuditQuery = {
  readonly id: string;
  /** The rule in plain words. */
  readonly about: string;
  readonly kind: 'always' | 'at-rest';
  /** Without this truth nothing can be said about the rule. */
  readonly needs?: TruthKind;
  readonly sql: string;
};
