import { Button, TextInput } from '@mantine/core'
import { IconArrowBackUp, IconCalendarTime, IconEqual, IconMinus, IconPlus } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getPersonChanges, getSystemChanges, getUnitChanges } from '#contract/pages.ts'
import type { ProblemError } from '../../lib/call.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { KnownField } from '../../ui/known-field.tsx'
import { Pager } from '../../ui/pager.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './pages.module.css'

type Changes = ResponseOf<typeof getPersonChanges>
type Row = Changes['rows'][number]
type Days = { from: string; to: string; known: string | undefined }
const limit = 50

/** What stands in the address of every page that compares two days, and how it is changed. */
type Search = {
  from?: string | undefined
  to?: string | undefined
  known?: string | undefined
  offset?: number | undefined
}
type Asked = { search: Search; today: string; onChange: (next: Partial<Search>) => void }

const queryOf = ({ from = '', to = '', known, offset = 0 }: Search) => ({
  ...{ from, to, offset, limit },
  ...(known ? { known } : {}),
})
const ready = ({ from, to }: Search) => ({ enabled: from !== undefined && to !== undefined, keep: true })

export function PersonChanges(props: Asked & { personId: string }) {
  const { search, personId } = props
  const query = useCall(getPersonChanges, { params: { personId }, query: queryOf(search) }, ready(search))
  return <ChangesPanel {...props} query={query} without="person" />
}

export function UnitChanges(props: Asked & { unitId: string }) {
  const { search, unitId } = props
  const query = useCall(getUnitChanges, { params: { unitId }, query: queryOf(search) }, ready(search))
  return <ChangesPanel {...props} query={query} />
}

export function SystemChanges(props: Asked & { systemId: string; entitlement?: string }) {
  const { search, systemId, entitlement } = props
  const query = useCall(
    getSystemChanges,
    { params: { systemId }, query: { ...queryOf(search), ...(entitlement ? { entitlement } : {}) } },
    ready(search),
  )
  return <ChangesPanel {...props} query={query} without="system" />
}

/** Two dates, and what was gained and lost between them with its cause. `without`: what the page is about anyway. */
function ChangesPanel(props: Asked & { query: UseQueryResult<Changes, ProblemError>; without?: 'person' | 'system' }) {
  const { t, date } = useTexts()
  const { search, onChange } = props
  return (
    <div className="stack">
      <Card title={t('pages.changes.title')}>
        <DaysForm
          key={`${search.from}${search.to}${search.known}`}
          days={{ from: search.from, to: search.to, known: search.known }}
          today={props.today}
          onDays={days => onChange({ ...days, offset: undefined })}
        />
        {search.known && (
          <p className={classes.known} role="status">
            <Status tone="wait" icon={IconCalendarTime} plain>
              {t('pages.changes.knownThen', { date: date(search.known) })}
            </Status>
            <Button
              variant="default"
              size="xs"
              className="no-print"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={() => onChange({ known: undefined, offset: undefined })}
            >
              {t('pages.changes.knownNow')}
            </Button>
          </p>
        )}
        {!ready(search).enabled && <p className="dim">{t('pages.changes.pick')}</p>}
      </Card>
      {ready(search).enabled && (
        <Answer query={props.query}>
          {answer => (
            <ChangesTable
              answer={answer}
              offset={search.offset ?? 0}
              {...(props.without ? { without: props.without } : {})}
              onMove={offset => onChange({ offset: offset || undefined })}
            />
          )}
        </Answer>
      )}
    </div>
  )
}

function DaysForm(props: {
  days: { from: string | undefined; to: string | undefined; known: string | undefined }
  today: string
  onDays: (days: Days) => void
}) {
  const { t } = useTexts()
  const [wrong, setWrong] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const days = {
      from: String(form.get('from') ?? ''),
      to: String(form.get('to') ?? ''),
      known: String(form.get('known') ?? '') || undefined,
    }
    setWrong(days.from >= days.to)
    if (days.from < days.to) props.onDays(days)
  }
  return (
    <form onSubmit={submit} className={classes.days}>
      <TextInput
        type="date"
        name="from"
        label={t('pages.changes.from')}
        defaultValue={props.days.from ?? ''}
        max={props.today}
        required
        withAsterisk={false}
        error={wrong ? t('pages.changes.order') : undefined}
      />
      <TextInput
        type="date"
        name="to"
        label={t('pages.changes.to')}
        defaultValue={props.days.to ?? props.today}
        max={props.today}
        required
        withAsterisk={false}
      />
      <KnownField known={props.days.known} today={props.today} />
      <Button type="submit">{t('pages.changes.show')}</Button>
    </form>
  )
}

/** What happened to a right, in words besides sign and colour. */
function What(props: { row: Row }) {
  const { t } = useTexts()
  const { before, after } = props.row
  const had = before.expected || before.observed || before.rests
  const has = after.expected || after.observed || after.rests
  if (had !== has)
    return (
      <Status tone={has ? 'info' : 'wait'} icon={has ? IconPlus : IconMinus} plain>
        {t(has ? 'pages.changes.gained' : 'pages.changes.lost')}
      </Status>
    )
  return (
    <Status tone="quiet" icon={IconEqual} plain>
      {before.rests !== after.rests && (before.expected || after.expected)
        ? t(after.rests ? 'pages.changes.nowRests' : 'pages.changes.restEnded')
        : before.expected !== after.expected
          ? t(after.expected ? 'pages.changes.nowExpected' : 'pages.changes.notExpected')
          : t(after.observed ? 'pages.changes.nowSeen' : 'pages.changes.notSeen')}
    </Status>
  )
}

function ChangesTable(props: {
  answer: Changes
  offset: number
  without?: 'person' | 'system'
  onMove: (offset: number) => void
}) {
  const { t, number } = useTexts()
  const { answer } = props
  const all: Column<Row>[] = [
    {
      key: 'person',
      label: t('pages.person'),
      cell: row =>
        row.person ? (
          <PersonLink person={row.person} />
        ) : (
          t('pages.nobodysAccount', { username: row.account?.username ?? '' })
        ),
    },
    {
      key: 'right',
      label: t('pages.right'),
      cell: row => (
        <>
          <Link
            to="/systems/$systemId/rights/$entitlementId"
            params={{ systemId: row.system.id, entitlementId: row.entitlement.id }}
            className="link"
          >
            {row.entitlement.name}
          </Link>
          {props.without !== 'system' && <div className="meta">{row.system.name}</div>}
        </>
      ),
    },
    { key: 'what', label: t('pages.changes.what'), cell: row => <What row={row} /> },
    {
      key: 'why',
      label: t('pages.changes.why'),
      rank: 3,
      cell: row => (
        <>
          {t(`pages.changes.cause.${row.cause}`)}
          {row.cause === 'moved' && (
            <div className="meta">
              {t('pages.changes.moved', { from: row.unitBefore?.name ?? '–', to: row.unitAfter?.name ?? '–' })}
            </div>
          )}
          {row.rule && (
            <div>
              <Link to="/rules/$key" params={{ key: row.rule.key }} className="link">
                {row.rule.name}
              </Link>
            </div>
          )}
        </>
      ),
    },
  ]
  const { gained, lost, other } = answer.counts
  return (
    <section className="stack">
      <p role="status">
        {t('pages.changes.summary', { gained: number(gained), lost: number(lost), other: number(other) })}
      </p>
      <DataTable
        caption={t('pages.changes.caption')}
        columns={props.without === 'person' ? all.slice(1) : all}
        rows={answer.rows}
        rowKey={row => `${row.person?.id ?? row.account?.id}${row.entitlement.id}`}
        empty={<Empty title={t('pages.changes.none')} help={t('pages.changes.noneHelp')} />}
      />
      <Pager offset={props.offset} limit={limit} total={answer.total} onMove={props.onMove} />
    </section>
  )
}
