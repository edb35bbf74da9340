import { Button, TextInput } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { getSheet, getSheetHistory } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { SHEET_GROUPS } from '#contract/sheet.ts'
import { SheetGroup } from '../features/systems/sheet-group.tsx'
import type { SheetAnswer } from '../features/systems/sheet-value.tsx'
import { SystemTabs } from '../features/systems/system-tabs.tsx'
import classes from '../features/systems/systems.module.css'
import { changeLines } from '../features/systems/value-text.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/systems/$systemId/sheet')
const limit = 20

export function SystemSheetPage() {
  const { t, date } = useTexts()
  const { systemId } = route.useParams()
  const { at } = route.useSearch()
  const navigate = route.useNavigate()
  // A day as people mean it: as it stood when the day was over.
  const query = useCall(getSheet, {
    params: { systemId },
    query: at ? { at: new Date(`${at}T23:59:59`).toISOString() } : {},
  })
  const sheet = query.data
  return (
    <Page
      title={sheet ? t('catalogue.sheetOf', { name: sheet.system.name }) : t('catalogue.sheet')}
      section={t('systems.title')}
      lead={t('catalogue.lead')}
      waiting={!sheet}
      crumbs={[
        { label: t('systems.title'), to: '/systems' },
        ...(sheet ? [{ label: sheet.system.name, to: '/systems/$systemId', params: { systemId } }] : []),
      ]}
      actions={
        sheet?.allowed.change && (
          <Button component={Link} to={`/systems/${systemId}/attest`} variant="default">
            {t('catalogue.attest.go')}
          </Button>
        )
      }
    >
      <SystemTabs systemId={systemId} at="sheet" />
      <div className={classes.asOf}>
        <TextInput
          type="date"
          label={t('catalogue.asOf')}
          value={at ?? ''}
          {...(sheet ? { max: sheet.today } : {})}
          onChange={event => void navigate({ search: { at: event.currentTarget.value || undefined }, replace: true })}
        />
        {at && (
          <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
            {t('catalogue.asOfNow')}
          </Button>
        )}
      </div>
      {at && <p role="status">{t('catalogue.asOfShown', { when: date(at) })}</p>}
      <Answer query={query}>
        {found => (
          <>
            <Attested sheet={found} />
            <SheetGroups sheet={found} refresh={() => void query.refetch()} />
          </>
        )}
      </Answer>
      <History systemId={systemId} />
    </Page>
  )
}

export function SheetGroups(props: { sheet: SheetAnswer; refresh: () => void }) {
  return (
    <div className={classes.stack}>
      {SHEET_GROUPS.map(group => (
        <SheetGroup key={`${group}${props.sheet.system.id}`} group={group} {...props} />
      ))}
    </div>
  )
}

function Attested(props: { sheet: SheetAnswer }) {
  const { t, ago, date } = useTexts()
  const { attestations, attestDue, today } = props.sheet
  const [last] = attestations
  return (
    <p className="meta">
      {last ? t('catalogue.confirmed', { when: ago(last.at), by: last.by ?? '–' }) : t('catalogue.neverConfirmed')}
      {attestDue && ` · ${t(attestDue < today ? 'catalogue.overdue' : 'catalogue.nextDue', { date: date(attestDue) })}`}
    </p>
  )
}

type Version = ResponseOf<typeof getSheetHistory>['rows'][number]

function History(props: { systemId: string }) {
  const words = useTexts()
  const { t, instant } = words
  const [offset, setOffset] = useState(0)
  const query = useCall(getSheetHistory, { params: props, query: { offset, limit } }, { keep: true })
  const columns: Column<Version>[] = [
    {
      key: 'at',
      label: t('catalogue.historyColumns.at'),
      cell: row => <span className="nowrap">{instant(row.at)}</span>,
    },
    {
      key: 'who',
      label: t('catalogue.historyColumns.who'),
      cell: row => t(`catalogue.historyOrigin.${row.origin}`, { source: row.source ?? '–', by: row.by ?? '–' }),
    },
    {
      key: 'what',
      label: t('catalogue.historyColumns.what'),
      cell: row =>
        row.changes.length === 0 ? (
          t('catalogue.created')
        ) : (
          <ul className={classes.list}>
            {row.changes
              .flatMap(one => changeLines(words, one))
              .map(({ key, what, before, after }) => (
                <li key={key}>{t('catalogue.change', { field: what, before, after })}</li>
              ))}
          </ul>
        ),
    },
    { key: 'reason', label: t('catalogue.historyColumns.reason'), rank: 2, cell: row => row.reason },
  ]
  return (
    <Card title={t('catalogue.history')} flush>
      <Answer query={query}>
        {found => (
          <>
            <DataTable
              caption={t('catalogue.historyCaption')}
              columns={columns}
              rows={found.rows}
              rowKey={row => String(row.version)}
              empty={null}
            />
            {found.total > limit && (
              <Pager
                offset={offset}
                limit={limit}
                total={found.total}
                onMove={setOffset}
                of={t('catalogue.historyCaption')}
              />
            )}
          </>
        )}
      </Answer>
    </Card>
  )
}
