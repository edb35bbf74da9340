import { Button } from '@mantine/core'
import { IconCircleCheck, IconClock, IconLock, IconPencil, IconPrinter, IconUrgent } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type BoardRow, getBoard } from '#contract/lifecycle-board.ts'
import { boardBucket, caseKind, LACKS } from '#contract/lifecycle-lists.ts'
import { LifecycleTabs } from '../features/board/lifecycle-tabs.tsx'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useMay, useSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { stepRow } from '../ui/row-keys.ts'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/lifecycle')
const limit = 100
const SIGNS = {
  late: { tone: 'bad', icon: IconUrgent },
  today: { tone: 'accent', icon: IconClock },
  coming: { tone: 'info', icon: IconClock },
  done: { tone: 'ok', icon: IconCircleCheck },
} as const

/** Who comes, moves, is away and goes, each on one line with what is missing. */
export function LifecycleBoardPage() {
  const { t, date, number, instant } = useTexts()
  const may = useMay()
  const session = useSession()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const { change } = url
  const query = useCall(
    getBoard,
    {
      query: {
        ...(search.bucket ? { bucket: search.bucket } : {}),
        ...(search.kind ? { kind: search.kind } : {}),
        ...(search.unit ? { unit: search.unit } : {}),
        ...(search.lack ? { lack: search.lack } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const { data } = query
  const columns: Column<BoardRow>[] = [
    { key: 'who', label: t('board.columns.who'), cell: row => <Who row={row} /> },
    {
      key: 'on',
      label: t('board.columns.on'),
      cell: row => (
        <span>
          <span className="nowrap">{row.on ? date(row.on) : t('board.noDate')}</span>
          <div className="meta">{t(`reports.kind.${row.kind}`)}</div>
          {row.hour !== null && (
            <div className="meta">{t(`board.hour.${row.kind as 'hire' | 'end'}`, { hour: row.hour })}</div>
          )}
        </span>
      ),
    },
    { key: 'lacks', label: t('board.columns.lacks'), cell: row => <Lacks row={row} /> },
    {
      key: 'unit',
      label: t('board.columns.unit'),
      rank: 1,
      cell: row =>
        row.unit && (
          <Link to="/org/$unitId" params={{ unitId: row.unit.id }} className="link">
            {row.unit.name}
          </Link>
        ),
    },
  ]
  const said = [
    search.bucket && t(`board.bucket.${search.bucket}`),
    search.kind && t(`reports.kind.${search.kind}`),
    data?.chosenUnit?.name,
    search.lack && t(`board.lack.${search.lack}`),
  ].filter(Boolean)
  const units = data?.units ?? []
  const chosen = data?.chosenUnit
  return (
    <Page
      title={t('board.title')}
      lead={t('board.lead')}
      actions={
        <>
          <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => window.print()}>
            {t('do.print')}
          </Button>
          {may('case.write') && (
            <Button component={Link} {...({ to: '/lifecycle/new', search: { kind: 'hire' } } as object)}>
              {t('reports.newHire')}
            </Button>
          )}
        </>
      }
    >
      <LifecycleTabs at="board" />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between links that are there anyway */}
      <div onKeyDown={stepRow} className="stack">
        <ListFrame
          query={query}
          url={url}
          limit={limit}
          caption={t('board.caption')}
          columns={columns}
          rowKey={row => `${row.kind}${row.id}`}
          groupOf={row => ({
            key: row.bucket,
            label: (
              <Status {...SIGNS[row.bucket]}>
                {t(`board.bucket.${row.bucket}`)}
                {data ? ` (${number(data.buckets[row.bucket] ?? 0)})` : ''}
              </Status>
            ),
          })}
          filters={
            <>
              <Choice
                label={t('board.when')}
                value={search.bucket}
                onChange={bucket => change({ bucket })}
                options={boardBucket.options.map(value => ({
                  value,
                  label: `${t(`board.bucket.${value}`)}${data ? ` (${number(data.buckets[value] ?? 0)})` : ''}`,
                }))}
              />
              <Choice
                label={t('board.kind')}
                value={search.kind}
                onChange={kind => change({ kind })}
                options={caseKind.options.map(value => ({ value, label: t(`reports.kind.${value}`) }))}
              />
              <Choice
                label={t('board.unit')}
                value={search.unit}
                onChange={unit => change({ unit })}
                options={[
                  // One that a link leads to, in which nobody comes or goes right now.
                  ...(chosen && !units.some(unit => unit.id === chosen.id)
                    ? [{ value: chosen.id, label: chosen.name }]
                    : []),
                  ...units.map(unit => ({
                    value: unit.id,
                    label: t('board.unitWith', { name: unit.name, count: unit.count }),
                  })),
                ]}
              />
              <Choice
                label={t('board.lackFilter')}
                value={search.lack}
                onChange={lack => change({ lack })}
                options={LACKS.map(value => ({ value, label: t(`board.lack.${value}`) }))}
              />
            </>
          }
          empty={<Empty title={t('board.empty')} help={t('board.emptyHelp')} good />}
          cards
        />
      </div>
      <p className="print-only meta">
        {t('board.printed', {
          when: instant(new Date().toISOString()),
          who: session.actor?.displayName ?? '',
          filters: said.join(', ') || t('board.noFilters'),
        })}
      </p>
    </Page>
  )
}

/** The name leads to what there is to look at: the report, the proof of somebody who has left, else the person. */
function Who({ row }: { row: BoardRow }) {
  const { t } = useTexts()
  const may = useMay()
  const name = row.person.name ?? (row.person.protected ? t('people.protectedPerson') : t('reports.unknownName'))
  const link = row.caseId ? (
    <Link to="/lifecycle/$caseId" params={{ caseId: row.caseId }} className="link">
      {name}
    </Link>
  ) : row.kind === 'end' && row.bucket !== 'coming' && row.affiliationId && may('proof.read') ? (
    <Link to="/lifecycle/proof/$affiliationId" params={{ affiliationId: row.affiliationId }} className="link">
      {name}
    </Link>
  ) : row.person.id ? (
    <Link to="/people/$personId" params={{ personId: row.person.id }} className="link">
      {name}
    </Link>
  ) : (
    name
  )
  return (
    <span>
      {link}
      {row.confidential && (
        <>
          {' '}
          <Status tone="protected" icon={IconLock} plain>
            {t('reports.confidential')}
          </Status>
        </>
      )}
      {row.draft && (
        <>
          {' '}
          <Status tone="quiet" icon={IconPencil} plain>
            {t('board.draft')}
          </Status>
        </>
      )}
      {row.title && <div className="meta">{row.title}</div>}
      {row.expires !== null && row.affiliationId && may('case.write') && (
        <div className="meta no-print">
          {t('reports.expires', { count: row.expires })}{' '}
          <Link
            to="/lifecycle/new"
            search={{ kind: 'end', door: 'extend', affiliation: row.affiliationId } as never}
            className="link"
            aria-label={t('reports.extendOf', { name })}
          >
            {t('doors.extend.title')}
          </Link>
        </div>
      )}
    </span>
  )
}

function Lacks({ row }: { row: BoardRow }) {
  const { t } = useTexts()
  const missing = LACKS.filter(lack => row.lacks[lack] > 0)
  if (row.draft) return t('board.notReady')
  if (missing.length === 0) return <span className="dim">{t('board.nothing')}</span>
  const said = missing.map(lack => t(`board.lacks.${lack as 'orders'}`, { count: row.lacks[lack] })).join(', ')
  return said.charAt(0).toUpperCase() + said.slice(1)
}
