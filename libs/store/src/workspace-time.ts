/** Something of a workspace, with the instant that its test clock shows; null for a workspace that lives in the fleet's own time. */
export type OnClock = { readonly clockAt: Date | null };

/** The column `clockAt` of a statement; `testClockId` names the column with the id of the workspace's test clock. */
export const clockAt = (testClockId: string): string =>
  `(select c.now_at from test_clock c where c.id = ${testClockId}) as "clockAt"`;

/** The same where the statement reads no workspace; `workspaceId` names the column with its id. */
export const clockAtOf = (workspaceId: string): string => `${clockNowOf(workspaceId)} as "clockAt"`;

/** What the test clock of a workspace shows, as an expression; null without one. */
export const clockNowOf = (workspaceId: string): string =>
  `(select c.now_at from workspace c_w join test_clock c on c.id = c_w.test_clock_id where c_w.id = ${workspaceId})`;

/** When a sweep looks, and for whom: those who stand on this test clock, or all who stand on none. */
export type SweptAt = { readonly now: Date; readonly testClockId: string | null };

/**
 * The condition under which a sweep serves a row; `workspaceId` names the column with its workspace, `param` the parameter with the id of
 * the test clock. The rows of a clock are found by its workspaces: on a clock that is ahead nearly everything in the fleet would be due. For the
 * fleet's own time each due row is looked up: as a join it would be scanned while the statistics of the tables are young. The look answers yes or
 * no, which is taken for half of the rows; a comparison with null would be taken for next to none, and all that is due be read and sorted for each chunk.
 */
export const servedAt = ({ testClockId }: SweptAt, workspaceId: string, param: string): string =>
  testClockId === null
    ? `${param}::uuid is null and (select c_w.test_clock_id is null from workspace c_w where c_w.id = ${workspaceId})`
    : `${workspaceId} = any (array(select c_w.id from workspace c_w where c_w.test_clock_id = ${param}::uuid))`;
