import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { taken } from '../api/acting.js';
import { http } from '../api/client.js';
import { Panel } from '../parts/panel.js';
import { useStaffFormats } from './session.js';

type ActionsPanelProps = { readonly workspaceId: string; readonly timeZone: string };

const PER_PAGE = 10;
/** Of an id its end is enough to know it again. */
const UUID = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{8}([\da-f]{4})\b/g;

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
        {actions.map((entry) => (
          <ActionEntry key={entry.id} at={instant(entry.at)} entry={entry} />
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

type Entry = {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string;
  readonly outcome: 'asked' | 'done' | 'repeated' | 'refused' | 'failed';
  readonly before: string | null;
  readonly after: string | null;
  readonly answer: string | null;
};

function ActionEntry({ at, entry }: { readonly at: string; readonly entry: Entry }): React.JSX.Element {
  const { t, i18n } = useTranslation('support');
  const { actor, action, subject, reason, outcome, before, after, answer } = entry;
  const key = `actions.names.${action.replaceAll(/[.-]/g, '_')}`;
  const name = i18n.exists(key, { ns: 'support' }) ? t(key as 'actions.names.order_refund') : action;
  return (
    <div className="entry">
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{name}</Text>
        <Badge variant="light" color={outcome === 'done' ? 'green' : outcome === 'repeated' ? 'gray' : 'orange'}>
          {t(`actions.outcomes.${outcome}`)}
        </Badge>
      </Group>
      <Text>{reason}</Text>
      {after === null ? null : (
        <Text size="sm">{before === null ? after : t('actions.change', { before, after })}</Text>
      )}
      {answer === null ? null : <Text size="sm">{answer}</Text>}
      <Text size="sm" c="dimmed">
        {t('actions.line', { at, actor, subject: subject.replaceAll(UUID, '…$1') })}
      </Text>
    </div>
  );
}
