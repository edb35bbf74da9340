import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconClock, IconDownload, IconX } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { listPackages, type PackageRow, type PackageScope } from '#contract/packages.ts'
import { fetchPackage } from '../features/packages/fetch-package.ts'
import { PackageForm } from '../features/packages/package-form.tsx'
import { PackagePreview } from '../features/packages/package-preview.tsx'
import { problemOf } from '../lib/call.ts'
import { addDays, dayOf } from '../lib/formats.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import type { Column } from '../ui/data-table.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/packages')
const limit = 20
const STATE = {
  waiting: ['quiet', IconClock],
  making: ['info', IconClock],
  made: ['ok', IconCircleCheck],
  failed: ['bad', IconAlertTriangle],
  expired: ['quiet', IconX],
} as const
type Named = { id: string; name: string }

/** What is handed to an inspection: chosen, looked at, made, fetched. */
export function PackagesPage() {
  const { t, language } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const today = dayOf(new Date().toISOString())
  const [unit, setUnit] = useState<Named | null>(null)
  const [systems, setSystems] = useState<readonly Named[]>([])
  const [chosen, setChosen] = useState<Partial<PackageScope>>({})
  const scope: PackageScope = {
    ...{ day: today, known: 'then', leaversFrom: addDays(today, -365), names: false, language },
    ...chosen,
    unit: unit?.id ?? null,
    systems: systems.map(one => one.id),
  }
  const query = useCall(
    listPackages,
    { query: { offset: url.offset, limit } },
    {
      keep: true,
      every: data => (data?.rows.some(row => row.state === 'waiting' || row.state === 'making') ? 2000 : false),
    },
  )
  const fits = scope.day <= today && scope.leaversFrom <= scope.day
  return (
    <Page title={t('packages.title')} lead={t('packages.lead')}>
      <PackageForm
        {...{ scope, today, unit, systems }}
        onChange={next => {
          if (next.scope) setChosen(old => ({ ...old, ...next.scope }))
          if (next.unit !== undefined) setUnit(next.unit)
          if (next.systems) setSystems(next.systems)
        }}
      />
      {fits && <PackagePreview scope={scope} />}
      <h2>{t('packages.listTitle')}</h2>
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        cards
        caption={t('packages.caption')}
        columns={useColumns()}
        rowKey={row => row.id}
        empty={<Empty title={t('packages.empty')} help={t('packages.emptyHelp')} />}
      />
    </Page>
  )
}

function useColumns(): Column<PackageRow>[] {
  const { t, date, day, time } = useTexts()
  const about = ({ scope }: PackageRow) =>
    [scope.unit?.name ?? t('packages.unitAll'), ...scope.systems.map(one => one.name)].join(', ')
  return [
    {
      key: 'about',
      label: t('packages.columns.about'),
      width: '38%',
      cell: row => (
        <>
          {about(row)}
          <div className="meta">{date(row.scope.day)}</div>
          <div className="meta">{row.reason}</div>
        </>
      ),
    },
    {
      key: 'asked',
      label: t('packages.columns.asked'),
      cell: row => (
        <>
          {day(row.askedAt)} {time(row.askedAt)}
          <div className="meta">{row.by}</div>
        </>
      ),
    },
    {
      key: 'state',
      label: t('packages.columns.state'),
      cell: row => {
        const [tone, icon] = STATE[row.state]
        return (
          <Status tone={tone} icon={icon}>
            {t(`packages.state.${row.state}`, { date: date(row.expiresOn) })}
          </Status>
        )
      },
    },
    {
      key: 'file',
      label: t('packages.columns.file'),
      cell: row =>
        row.state === 'made' && (
          <>
            <Fetch row={row} name={t('packages.fetchName', { about: about(row), date: date(row.scope.day) })} />
            <div className="meta" style={{ overflowWrap: 'anywhere' }}>
              {t('packages.hash', { hash: row.sha256 ?? '' })}
            </div>
          </>
        ),
    },
  ]
}

function Fetch({ row, name }: { row: PackageRow; name: string }) {
  const { t, number } = useTexts()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const bytes = row.bytes ?? 0
  const size = bytes < 1_000_000 ? `${number(Math.ceil(bytes / 1000))} kB` : `${number(Math.ceil(bytes / 1e6))} MB`
  const go = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await fetchPackage(row.id)
      announce(t('packages.fetched'))
    } catch (error) {
      setProblem(t(`problem.${problemOf(error).code}`))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        loading={busy}
        aria-label={name}
        onClick={() => void go()}
      >
        {t('packages.fetch', { size })}
      </Button>
      {problem && (
        <p role="alert" className="meta">
          {problem}
        </p>
      )}
    </>
  )
}
