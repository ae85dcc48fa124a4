import { newId } from '@billfleet/billing';
import { management, staff } from '@billfleet/store';
import type { StaffEngine } from './commands/staff.js';
import { openStore } from './open-store.js';

/** Accounts of staff. Gateways ask for them at each request, so that whoever was removed is out at once. */
export const staffEngine: StaffEngine = async (config) => {
  const { store, close } = await openStore(config.databaseUrl);
  return {
    add: (wish, { actor, reason }) =>
      store.transaction(async (tx) => {
        const isNew = await staff.insertStaff(tx, { ...wish, id: newId() });
        const subject = `${wish.email} as ${wish.role}`;
        if (isNew) await management.noteStaffAction(tx, { actor, action: 'staff.add', subject, reason });
        return isNew;
      }),
    changeRole: (email, role, { actor, reason }) =>
      store.transaction(async (tx) => {
        const before = await staff.changeStaffRole(tx, email, role);
        if (before === undefined || before === role) return before;
        const change = { before, after: role };
        await management.noteStaffAction(tx, { actor, action: 'staff.role', subject: email, reason, change });
        return before;
      }),
    list: () => staff.listStaff(store),
    remove: (emails, { actor, reason }) =>
      store.transaction(async (tx) => {
        const removed = await staff.removeStaff(tx, emails);
        const subject = removed.join(', ');
        if (removed.length > 0)
          await management.noteStaffAction(tx, { actor, action: 'staff.remove', subject, reason });
        return removed;
      }),
    close: () => close(),
  };
};
