import type { Queryable } from '@billfleet/store';
import type { SimulateMutant } from '../../apps/cli/src/commands/simulate.js';

/** Each is a function and the trigger that calls it. */
const STATEMENTS: Readonly<Record<SimulateMutant, readonly [string, string]>> = {
  // An order of a change or a renewal costs a cent more than its quote.
  'one-cent-more': [
    `create function charge_more() returns trigger language plpgsql as $$
     begin
       if new.kind <> 'purchase' and new.amount_minor > 0 then new.amount_minor := new.amount_minor + 1; end if;
       return new;
     end $$`,
    `create trigger orders_charge_more before insert on orders for each row execute function charge_more()`,
  ],
  // The end of a term is never found: nobody is reminded, charged or expired.
  'forgotten-renewals': [
    `create function forget_renewals() returns trigger language plpgsql as $$
     begin
       new.renewal_at := null;
       return new;
     end $$`,
    `create trigger subscription_forgotten before insert or update on subscription for each row execute function forget_renewals()`,
  ],
};

/** Puts a mistake into a database, before anything happens there: the run has to find it. */
export async function plantMutant(db: Queryable, mutant: SimulateMutant): Promise<void> {
  for (const statement of STATEMENTS[mutant]) await db.query(statement);
}
