import { Button, Group } from '@mantine/core'
import { IconArrowsJoin, IconArrowsSplit2 } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listMerges, unmergePersons } from '#contract/person-matches.ts'
import { DeskTabs } from '../features/desk/desk-tabs.tsx'
import { problemOf } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import type { Column } from '../ui/data-table.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/desk/merges')
type Row = ResponseOf<typeof listMerges>['rows'][number]
const limit = 50

/** Every merge, and the way back from each. */
export function DeskMergesPage() {
  const { t, instant } = useTexts()
  const url = listUrl(route.useSearch(), route.useNavigate())
  const query = useCall(listMerges, { query: { offset: url.offset, limit } }, { keep: true })
  const [undoing, setUndoing] = useState<Row | null>(null)
  const columns: Column<Row>[] = [
    { key: 'who', label: t('pairs.columns.who'), cell: row => <PersonLink person={row.survivor} /> },
    { key: 'absorbed', label: t('pairs.columns.absorbed'), rank: 3, cell: row => <PersonLink person={row.absorbed} /> },
    {
      key: 'at',
      label: t('pairs.columns.at'),
      rank: 2,
      cell: row => (
        <>
          <span className="nowrap">{instant(row.at)}</span>
          <div className="meta">{row.by}</div>
        </>
      ),
    },
    { key: 'why', label: t('pairs.columns.why'), rank: 1, cell: row => row.reason },
    {
      key: 'state',
      label: t('pairs.columns.state'),
      cell: row =>
        row.undoneAt ? (
          <Status tone="quiet" icon={IconArrowsSplit2} plain>
            {t('pairs.undoneAt', { when: instant(row.undoneAt) })}
          </Status>
        ) : (
          <Group gap={8}>
            <Status tone="ok" icon={IconArrowsJoin} plain>
              {t('pairs.active')}
            </Status>
            {row.allowed.undo && (
              <Button variant="default" size="xs" onClick={() => setUndoing(row)}>
                {t('pairs.unmerge')}
              </Button>
            )}
          </Group>
        ),
    },
  ]
  return (
    <Page title={t('desk.tabs.merges')} section={t('desk.title')} lead={t('pairs.mergesLead')}>
      <DeskTabs at="merges" />
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('pairs.mergesCaption')}
        columns={columns}
        rowKey={row => row.id}
        empty={<Empty title={t('pairs.mergesEmpty')} />}
      />
      {undoing && <Unmerge row={undoing} onClose={() => setUndoing(null)} />}
    </Page>
  )
}

function Unmerge(props: { row: Row; onClose: () => void }) {
  const { t } = useTexts()
  const unmerge = useCommand(unmergePersons, () => {
    announce(t('pairs.unmerged'))
    props.onClose()
  })
  return (
    <ReasonDialog
      title={t('pairs.unmerge')}
      busy={unmerge.isPending}
      error={unmerge.error ? t(`problem.${problemOf(unmerge.error).code}`) : null}
      onConfirm={reason => unmerge.mutate({ params: { mergeId: props.row.id }, body: { reason } })}
      onClose={props.onClose}
    >
      <p>{t('pairs.unmergeConfirm')}</p>
    </ReasonDialog>
  )
}
