/** How much of one thing a workspace may have. `none`: its plan does not have it. */
export type Limit = { readonly amount: number } | 'unlimited' | 'none';

/** What a workspace may use: of its subscription, or of its trial. */
export type Entitlements = {
  readonly workspaceId: string;
  readonly status: 'active' | 'expired' | 'closed' | 'trialing' | 'trial_ended';
  /** `full` through the days of grace, too; after them only paying and taking data away. */
  readonly access: 'full' | 'billing-only';
  /** Once it has ended: the first day on which its data need not be kept any more. */
  readonly dataKeptUntil: string | null;
  /** Null on a trial. */
  readonly plan: string | null;
  readonly seats: number;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly autoRenewal: boolean;
  readonly limits: Readonly<Record<string, Limit>>;
  /** Whether one more record of each kind may be made; what exists is never touched by it. */
  readonly newRecordsAllowed: Readonly<Record<string, boolean>>;
  readonly version: number;
};

/** A meter after a report. `isCounted`: false where something newer was counted already; left out of a replay. */
export type MeterSeen = {
  readonly workspaceId: string;
  readonly meter: string;
  readonly used: number;
  readonly limit: Limit;
  /** Whole percent, rounded down; null where the limit is no amount. */
  readonly percent: number | null;
  readonly newRecordsAllowed: boolean;
  readonly isCounted?: boolean;
  readonly isReplay: boolean;
};

/** What a workspace uses of each limit. Instants are ISO 8601, days are civil dates of the workspace. */
export type Usage = {
  readonly workspaceId: string;
  readonly status: string;
  readonly meters: readonly {
    readonly meter: string;
    readonly label: string;
    readonly resets: 'never' | 'monthly';
    readonly used: number;
    readonly limit: Limit;
    readonly percent: number | null;
    readonly since: string | null;
    readonly observedAt: string | null;
    readonly periodEndsOn: string | null;
    /** The use at the end of the period if it goes on as it did; null before a day was seen. */
    readonly projected: number | null;
    readonly breachEndsAt: string | null;
    readonly newRecordsAllowed: boolean;
  }[];
};

/** Credits that an action spent; `left` is below zero by what the last one overspent. */
export type Spending = {
  readonly id: string;
  readonly action: string;
  readonly left: number;
  readonly takenFrom: readonly { readonly source: string; readonly amount: number }[];
  readonly isReplay: boolean;
};

/** A workspace's credits, with sources in the order in which they are spent and the newest movements first. */
export type Credits = {
  readonly workspaceId: string;
  readonly balance: number;
  readonly granted: number;
  readonly spent: number;
  readonly isUnlimited: boolean;
  readonly monthStartsOn: string | null;
  readonly resetsOn: string | null;
  readonly sources: readonly {
    readonly source: string;
    readonly endsOn: string | null;
    readonly granted: number;
    readonly left: number;
  }[];
  readonly movements: readonly {
    readonly kind: 'grant' | 'spend' | 'expire';
    readonly source: string;
    readonly amount: number;
    readonly balanceAfter: number;
    readonly action: string | null;
    readonly at: string;
  }[];
};
