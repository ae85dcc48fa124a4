import { Button, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { taken } from '../api/acting.js';
import { http } from '../api/client.js';
import { Panel } from '../parts/panel.js';
import { useStaffFormats } from './session.js';

type ActionsPanelProps = { readonly workspaceId: string; readonly timeZone: string };

const PER_PAGE = 10;

/** What staff did about a workspace before, by whom and why. */
export function ActionsPanel({ workspaceId, timeZone }: ActionsPanelProps): React.JSX.Element {
  const { t } = useTranslation('support');
  const { instant } = useStaffFormats(timeZone);
  const query = useInfiniteQuery({
    queryKey: ['actions', workspaceId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      taken(
        http.GET('/v1/support/workspaces/{id}/actions', {
          params: {
            path: { id: workspaceId },
            query: { limit: PER_PAGE, ...(pageParam === undefined ? {} : { before: pageParam }) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const actions = query.data?.pages.flatMap((page) => page.actions) ?? [];
  return (
    <Panel title={t('actions.title')}>
      {query.isSuccess && actions.length === 0 ? <Text role="status">{t('actions.none')}</Text> : null}
      <Stack gap="xs">
        {actions.map(({ id, at, actor, action, subject, reason }) => (
          <div key={id} className="entry">
            <Text size="sm" c="dimmed">
              {t('actions.line', { at: instant(at), actor, action, subject })}
            </Text>
            <Text>{reason}</Text>
          </div>
        ))}
      </Stack>
      {query.hasNextPage ? (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
    </Panel>
  );
}
