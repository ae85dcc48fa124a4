import type { MoveEnterpriseRequest, RequestEnterprise } from '@billfleet/contracts';
import { canMove, enterpriseRequestTransitions } from '@billfleet/domain';
import { enterpriseRequests, management, tenants } from '@billfleet/store';
import type { NewEnterpriseRequest, Store, Tx, Workspace } from '@billfleet/store';
import { newId } from './ids.js';
import { oweMails } from './mails.js';
import type { OwedMail } from './mails.js';
import type { ManageOutcome } from './manage-subscriptions.js';
import { answerOnce, refused, unknownWorkspace } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';

/** Takes wishes for an Enterprise contract, confirms them by mail and tells sales. */
export class RequestEnterpriseContracts {
  /** @param salesEmail where sales read of new requests; nobody is told while it is not configured. */
  constructor(
    private readonly store: Store,
    private readonly salesEmail: string | undefined,
  ) {}

  /**
   * Outcomes are in the order of the commands; `ref` is the request's id. A workspace has at most one open request: whoever asks again
   * gets that one, and no further mail is sent.
   */
  run(commands: readonly Command<RequestEnterprise>[]): Promise<readonly CommandOutcome[]> {
    return this.store.transaction((tx) =>
      answerOnce(tx, 'enterprise.request', commands, (fresh) => this.take(tx, fresh)),
    );
  }

  private async take(tx: Tx, commands: readonly Command<RequestEnterprise>[]): Promise<readonly FreshOutcome[]> {
    const ids = commands.map(({ input }) => input.workspaceId);
    const [workspaces, standing] = await Promise.all([
      tenants.findWorkspaces(tx, ids),
      enterpriseRequests.openRequestsOf(tx, ids),
    ]);
    const open = new Map(standing);
    const rows: NewEnterpriseRequest[] = [];
    const outcomes = commands.map(({ input, actorWorkspaceId, requestedBy }): FreshOutcome => {
      const { workspaceId, contact, seats, message } = input;
      if (!workspaces.has(workspaceId) || (actorWorkspaceId !== null && actorWorkspaceId !== workspaceId)) {
        return unknownWorkspace(workspaceId);
      }
      const known = open.get(workspaceId);
      if (known !== undefined) return { kind: 'accepted', ref: known };
      const row = { id: newId(), workspaceId, contact, seats: seats ?? null, message: message ?? null };
      rows.push({ ...row, requestedBy: requestedBy ?? 'nobody known' });
      open.set(workspaceId, row.id);
      return { kind: 'accepted', ref: row.id };
    });
    await enterpriseRequests.insertEnterpriseRequests(tx, rows);
    await oweMails(
      tx,
      rows.flatMap((row) => {
        const workspace = workspaces.get(row.workspaceId);
        return workspace === undefined ? [] : this.mailsOf(row, workspace);
      }),
    );
    return outcomes;
  }

  private mailsOf(row: NewEnterpriseRequest, workspace: Workspace): readonly OwedMail[] {
    const { id, workspaceId, contact, message } = row;
    const { timeZone, locale } = workspace;
    const seats = row.seats === null ? {} : { seats: row.seats };
    const shared = { workspaceId, timeZone };
    const facts = { workspaceName: workspace.name, contactName: contact.name, ...seats };
    const { email, phone, company } = contact;
    return [
      {
        ...{ ...shared, template: 'enterprise_received', recipient: email, locale },
        dedupeKey: `enterprise_received:${id}`,
        // Nothing of the message: whoever asks may have given the address of somebody else.
        facts: { ...facts, actionPath: '/billing/plan' },
      },
      {
        ...{ ...shared, template: 'enterprise_requested', recipient: this.salesEmail ?? null, locale: 'en' },
        dedupeKey: `enterprise_requested:${id}`,
        facts: {
          ...{ ...facts, contactEmail: email, actionPath: `/v1/enterprise-requests/${id}` },
          ...(phone === undefined ? {} : { contactPhone: phone }),
          ...(company === undefined ? {} : { company }),
          ...(message === null ? {} : { message }),
        },
      },
    ];
  }
}

/** Leads requests through the pipeline of support and sales. */
export class MoveEnterpriseRequests {
  constructor(private readonly store: Store) {}

  /** Moves a request, with the reason on record. One that stands there already stays so, and nothing is recorded again. */
  run(id: string, { to, reason }: MoveEnterpriseRequest, actor: string): Promise<ManageOutcome> {
    return this.store.transaction(async (tx) => {
      const locked = await enterpriseRequests.lockEnterpriseRequest(tx, id);
      if (locked === undefined) {
        return refused(404, { code: 'not_found', field: 'id', found: id, wanted: 'the id of an Enterprise request' });
      }
      const { status, openId } = locked;
      if (status === to) return { kind: 'done' };
      if (!canMove(enterpriseRequestTransitions, status, to)) {
        const next = enterpriseRequestTransitions[status];
        const wanted = next.length === 0 ? `nothing: ${status} is an end` : `${status} to ${next.join(' or ')}`;
        return refused(409, { code: 'move_not_allowed', field: 'to', found: `${status} to ${to}`, wanted });
      }
      if (to === 'contacted' && openId !== null) {
        return refused(409, {
          code: 'enterprise_request_open',
          field: 'id',
          found: `the newer request ${openId}, which is open`,
          wanted: 'one open request of a workspace',
        });
      }
      await enterpriseRequests.moveEnterpriseRequest(tx, id, to);
      const subject = `enterprise request ${id}`;
      const change = { before: status, after: to };
      await management.noteStaffAction(tx, { actor, action: `enterprise-request.${to}`, subject, reason, change });
      return { kind: 'done' };
    });
  }
}
