import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getSystemAsOf } from '#contract/pages.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/as-of.module.css'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Choice, FilterRow } from '../../ui/filters.tsx'
import { Pager } from '../../ui/pager.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { YesNo } from './held-marks.tsx'

type Row = ResponseOf<typeof getSystemAsOf>['rows'][number]
const limit = 50

/** Who had access to a system (or one right of it, when `fixed`) on another day. */
export function SystemAsOf(props: {
  systemId: string
  asOf: string
  known: string | undefined
  entitlement: string | undefined
  fixed?: boolean
  offset: number
  onChange: (next: { entitlement?: string | undefined; offset?: number | undefined }) => void
}) {
  const { t, day } = useTexts()
  const { systemId, asOf, known, entitlement, offset } = props
  const query = useCall(
    getSystemAsOf,
    {
      params: { systemId },
      query: { asOf, offset, limit, ...(known ? { known } : {}), ...(entitlement ? { entitlement } : {}) },
    },
    { keep: true },
  )
  const columns: Column<Row>[] = [
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
      key: 'unit',
      label: t('pages.unit'),
      rank: 2,
      cell: row => (
        <>
          {row.unit && (
            <Link to="/org/$unitId" params={{ unitId: row.unit.id }} className="link">
              {row.unit.name}
            </Link>
          )}
          {row.title && <div className="meta">{row.title}</div>}
        </>
      ),
    },
    ...(props.fixed
      ? []
      : [{ key: 'right', label: t('pages.right'), rank: 3 as const, cell: (row: Row) => row.entitlement.name }]),
    { key: 'expected', label: t('pages.expected'), cell: row => <YesNo yes={row.expected} rests={row.rests} /> },
    { key: 'observed', label: t('pages.observed'), cell: row => <YesNo yes={row.observed} /> },
    {
      key: 'rule',
      label: t('pages.asOfRule'),
      rank: 2,
      cell: row =>
        row.rule ? (
          <Link to="/rules/$key" params={{ key: row.rule.key }} className="link">
            {row.rule.name}
          </Link>
        ) : (
          <span className="meta">{t('pages.noRule')}</span>
        ),
    },
    {
      key: 'since',
      label: t('pages.asOfSince'),
      rank: 1,
      cell: row => row.since && <span className="nowrap">{day(row.since)}</span>,
    },
  ]
  return (
    <Answer query={query}>
      {answer => (
        <div className={classes.view}>
          {!props.fixed && (
            <FilterRow>
              <Choice
                label={t('pages.right')}
                value={entitlement}
                onChange={next => props.onChange({ entitlement: next, offset: undefined })}
                options={answer.rights.map(right => ({ value: right.id, label: right.name }))}
              />
            </FilterRow>
          )}
          <p role="status" className="meta">
            {t('pages.asOfTotal', { count: answer.total })}
          </p>
          <DataTable
            caption={t('person.asOfCaption')}
            columns={columns}
            rows={answer.rows}
            rowKey={row => `${row.person?.id ?? row.account?.id ?? ''}${row.entitlement.id}`}
            empty={<Empty title={t('pages.asOfNothing')} help={t('pages.asOfNothingHelp')} />}
          />
          <Pager
            offset={offset}
            limit={limit}
            total={answer.total}
            onMove={next => props.onChange({ entitlement, offset: next || undefined })}
          />
        </div>
      )}
    </Answer>
  )
}
