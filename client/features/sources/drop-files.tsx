import { IconAlertTriangle, IconArchive, IconClock, IconCopy, IconLoader2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type DropRow, listDrops, listWatched, type WatchRow } from '#contract/drops.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { ListFrame } from '../../ui/list-frame.tsx'
import { SaidText } from '../../ui/said-text.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'

const look = {
  waiting: { tone: 'wait', icon: IconClock },
  reading: { tone: 'info', icon: IconLoader2 },
  archived: { tone: 'ok', icon: IconArchive },
  again: { tone: 'quiet', icon: IconCopy },
  'set-aside': { tone: 'bad', icon: IconAlertTriangle },
} as const
const limit = 25

/** Files that were dropped into the folder of a source: where each stands, its run, why one was set aside. */
export function DropFiles(props: { sourceKey: string }) {
  const { t, instant, number } = useTexts()
  const [offset, setOffset] = useState(0)
  const watched = useCall(listWatched, {}, { every: 10_000 })
  const query = useCall(listDrops, { query: { source: props.sourceKey, offset, limit } }, { keep: true, every: 10_000 })
  const folder = watched.data?.rows.find(row => row.source === props.sourceKey)
  const columns: Column<DropRow>[] = [
    {
      key: 'name',
      label: t('drops.columns.name'),
      cell: row => (
        <>
          <span style={{ overflowWrap: 'anywhere' }}>{row.name}</span>
          <div className="meta">{t('drops.bytes', { bytes: number(Math.max(1, Math.round(row.bytes / 1024))) })}</div>
        </>
      ),
    },
    {
      key: 'noticed',
      label: t('drops.columns.noticed'),
      rank: 2,
      cell: row => <span className="nowrap">{instant(row.noticedAt)}</span>,
    },
    {
      key: 'state',
      label: t('drops.columns.state'),
      cell: row => (
        <>
          <Status {...look[row.state]} plain>
            {t(`drops.state.${row.state}`)}
          </Status>
          {row.reason && (
            <div className="meta">
              <SaidText said={row.reason.said} detail={row.reason.detail} />
            </div>
          )}
        </>
      ),
    },
    {
      key: 'run',
      label: t('drops.columns.run'),
      rank: 3,
      cell: row =>
        row.runId && (
          <Link to="/sync/runs/$runId" params={{ runId: row.runId }} className="link">
            {t('sync.run')}
          </Link>
        ),
    },
  ]
  return (
    <div className="stack">
      {folder && <Folder folder={folder} />}
      <ListFrame
        query={query}
        url={{ offset, filtered: false, change: () => {}, move: setOffset, clear: () => {} }}
        limit={limit}
        caption={t('drops.caption')}
        columns={columns}
        rowKey={row => row.id}
        empty={<Empty title={t('drops.empty')} help={t('drops.emptyHelp')} />}
      />
    </div>
  )
}

function Folder(props: { folder: WatchRow }) {
  const { t, ago } = useTexts()
  const { folder } = props
  return (
    <Card tone={folder.error ? 'bad' : 'plain'} title={folder.folder}>
      <div className="stack">
        <p>
          {t('drops.patterns', { list: folder.patterns.join(', ') })}{' '}
          {folder.lookedAt ? t('drops.looked', { when: ago(folder.lookedAt) }) : t('drops.notLooked')}
        </p>
        {folder.error && (
          <p>
            <SaidText said={folder.error.said} detail={folder.error.detail} />
          </p>
        )}
        {folder.unmatched.length > 0 && <p>{t('drops.unmatched', { list: folder.unmatched.join(', ') })}</p>}
      </div>
    </Card>
  )
}
