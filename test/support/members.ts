import { randomUUID } from 'node:crypto';
import { call } from './customer.js';
import type { Answer, Customer } from './customer.js';
import { until } from './until.js';

/** A member as a journey reports him. */
export const member = (n: number, status: string, over: Readonly<Record<string, unknown>> = {}) => ({
  externalId: `user-${String(n)}`,
  displayName: `Ana Souza ${String(n)}`,
  email: `user-${String(n)}@customer.example`,
  status,
  ...over,
});

/** Members of these numbers, all in one state. */
export const many = (from: number, to: number, status: string) =>
  Array.from({ length: to - from + 1 }, (_, index) => member(from + index, status));

/** Reports members as one change. */
export const reportAll = (customer: Customer, members: readonly unknown[]): Promise<Answer> =>
  call(customer.fleet, 'POST', `/v1/workspaces/${customer.id}/members`, { body: { members } });

/** Reports one member. */
export const reportOne = (customer: Customer, { externalId, ...body }: ReturnType<typeof member>): Promise<Answer> =>
  call(customer.fleet, 'PUT', `/v1/workspaces/${customer.id}/members/${externalId}`, { body });

/** A page of members. */
export const listed = (customer: Customer, query = ''): Promise<Answer> =>
  call(customer.fleet, 'GET', `/v1/workspaces/${customer.id}/members${query}`);

/** Seats, those in use and those over, as the front door shows them. */
export const seatsOf = async (customer: Customer): Promise<readonly unknown[]> => {
  const { body } = await listed(customer);
  return [body['seats'], body['seatsInUse'], body['overCommitted']];
};

/** Makes the host product give a workspace something else than it was told. */
export async function hostGives(customer: Customer, gives: Readonly<Record<string, unknown>>): Promise<void> {
  const reply = await customer.fleet.atSandbox('/host/gives', { workspaceId: customer.id, ...gives });
  if (reply.status !== 204) throw new Error(`host: ${String(reply.status)} ${await reply.text()}`);
}

/** Asks for a check and waits for what comes of it. */
export async function checkSeats(
  customer: Customer,
  body: Readonly<Record<string, unknown>> = {},
): Promise<Answer['body']> {
  const input = { workspaceId: customer.id, ...body };
  const answer = await call(customer.fleet, 'POST', '/v1/seat-checks', { body: input, key: randomUUID() });
  if (answer.status !== 202) throw new Error(`check: ${JSON.stringify(answer.body)}`);
  return until('the check is done', async () => (await call(customer.fleet, 'GET', String(answer.body['href']))).body, {
    isDone: (seen) => seen['status'] === 'done',
  });
}
