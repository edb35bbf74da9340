import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getUnitAsOf } from '#contract/pages.ts'
import { lastDay } from '../../lib/formats.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/as-of.module.css'
import { Card, Facts } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Pager } from '../../ui/pager.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Answer, Empty } from '../../ui/states.tsx'

type Then = ResponseOf<typeof getUnitAsOf>
const limit = 50

/** A unit on another day: where it stood, who worked in it, and what they had. */
export function UnitAsOf(props: {
  unitId: string
  asOf: string
  known: string | undefined
  offset: number
  onMove: (offset: number) => void
}) {
  const { t } = useTexts()
  const { unitId, asOf, known, offset } = props
  const query = useCall(
    getUnitAsOf,
    { params: { unitId }, query: { asOf, offset, limit, ...(known ? { known } : {}) } },
    { keep: true },
  )
  return (
    <Answer query={query}>
      {answer => (
        <div className={classes.view}>
          <Card title={t('pages.asOfPath')}>
            {answer.unit ? (
              <p>{answer.unit.path.map(step => step.name).join(' › ') || answer.unit.name}</p>
            ) : (
              <p className="dim">{t('pages.asOfUnitGone')}</p>
            )}
          </Card>
          <People answer={answer} offset={offset} onMove={props.onMove} />
          <Systems answer={answer} />
        </div>
      )}
    </Answer>
  )
}

function People(props: { answer: Then; offset: number; onMove: (offset: number) => void }) {
  const { t, date, number } = useTexts()
  const columns: Column<Then['people'][number]>[] = [
    { key: 'name', label: t('people.columns.name'), cell: row => <PersonLink person={row.person} /> },
    {
      key: 'title',
      label: t('people.columns.title'),
      cell: row => row.title ?? t(`enum.affiliation.${row.kind}`),
    },
    {
      key: 'period',
      label: t('unit.period'),
      rank: 2,
      cell: row => (
        <span className="meta nowrap">
          {row.startsOn && date(row.startsOn)}–{row.endsOn && date(lastDay(row.endsOn))}
        </span>
      ),
    },
    { key: 'expected', label: t('pages.expected'), number: true, rank: 2, cell: row => number(row.expected) },
    { key: 'observed', label: t('pages.observed'), number: true, cell: row => number(row.observed) },
  ]
  return (
    <section className="stack">
      <h2 className="section">{t('pages.asOfPeople')}</h2>
      <DataTable
        caption={t('pages.asOfPeople')}
        columns={columns}
        rows={props.answer.people}
        rowKey={row => row.affiliationId}
        empty={<Empty title={t('person.asOfNobody')} />}
      />
      <Pager offset={props.offset} limit={limit} total={props.answer.totalPeople} onMove={props.onMove} />
    </section>
  )
}

function Systems(props: { answer: Then }) {
  const { t, number } = useTexts()
  const { systems } = props.answer
  return (
    <section className="stack">
      <h2 className="section">{t('pages.asOfSystems')}</h2>
      {systems.length === 0 ? (
        <Card>
          <Facts facts={[{ label: t('pages.system'), value: t('pages.asOfNothing') }]} />
        </Card>
      ) : (
        <DataTable
          caption={t('pages.asOfSystems')}
          columns={[
            {
              key: 'system',
              label: t('pages.system'),
              cell: row => (
                <Link to="/systems/$systemId" params={{ systemId: row.id }} className="link">
                  {row.name}
                </Link>
              ),
            },
            { key: 'expected', label: t('pages.expected'), number: true, cell: row => number(row.expected) },
            { key: 'observed', label: t('pages.observed'), number: true, cell: row => number(row.observed) },
          ]}
          rows={systems}
          rowKey={row => row.id}
          empty={null}
        />
      )}
    </section>
  )
}
