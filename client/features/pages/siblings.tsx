import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getUnitSiblings } from '#contract/pages.ts'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'

type Beside = ResponseOf<typeof getUnitSiblings>
type Row = Beside['rows'][number]

/** What a unit has that its siblings have not, and the other way round, in figures and in words. */
export function Siblings(props: { unitId: string }) {
  const { t, number } = useTexts()
  const query = useCall(getUnitSiblings, { params: { unitId: props.unitId } })
  return (
    <Answer query={query}>
      {answer => {
        if (answer.there === 0)
          return (
            <Card>
              <Empty title={t('pages.siblings.none')} help={t('pages.siblings.noneHelp')} />
            </Card>
          )
        const more = (row: Row) => row.here / answer.here > row.there / answer.there
        return (
          <div className="stack">
            <p>
              {t('pages.siblings.lead', {
                count: answer.siblings.filter(one => one.people > 0).length,
                here: number(answer.here),
                there: number(answer.there),
              })}
            </p>
            <Part answer={answer} rows={answer.rows.filter(more)} what="more" />
            <Part answer={answer} rows={answer.rows.filter(row => !more(row))} what="less" />
          </div>
        )
      }}
    </Answer>
  )
}

function Part(props: { answer: Beside; rows: Row[]; what: 'more' | 'less' }) {
  const { t, number } = useTexts()
  const { answer, what } = props
  const share = (count: number, of: number) =>
    t('pages.siblings.share', { share: percent(count, of), held: number(count), of: number(of) })
  const columns: Column<Row>[] = [
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
          <div className="meta">{row.system.name}</div>
        </>
      ),
    },
    { key: 'here', label: t('pages.siblings.here'), number: true, cell: row => share(row.here, answer.here) },
    { key: 'there', label: t('pages.siblings.there'), number: true, cell: row => share(row.there, answer.there) },
    { key: 'words', label: t('pages.siblings.words'), rank: 3, cell: row => <Words row={row} answer={answer} /> },
  ]
  return (
    <section className="stack">
      <h2 className="section">{t(`pages.siblings.${what}`)}</h2>
      <DataTable
        caption={t('pages.siblings.caption')}
        columns={columns}
        rows={props.rows}
        rowKey={row => row.entitlement.id}
        empty={<Empty good title={t(`pages.siblings.${what}None`)} />}
      />
    </section>
  )
}

/** Shares are rounded, but something is never nothing and a part never all. */
function percent(count: number, of: number): string {
  if (of === 0) return '–'
  const exact = (100 * count) / of
  const rounded = Math.round(exact)
  if (rounded === 0 && count > 0) return '<1 %'
  if (rounded === 100 && count < of) return '>99 %'
  return `${rounded} %`
}

function Words(props: { row: Row; answer: Beside }) {
  const { t, number } = useTexts()
  const { row, answer } = props
  return (
    <>
      {row.there === 0 && `${t('pages.siblings.onlyHere')} `}
      {row.here === 0 &&
        `${t('pages.siblings.onlyThere', { siblings: number(row.siblings), of: number(answer.siblings.length) })} `}
      {row.rule ? (
        <Link to="/rules/$key" params={{ key: row.rule.key }} className="link" style={{ textDecoration: 'underline' }}>
          {t('pages.siblings.byRule', { rule: row.rule.name })}
        </Link>
      ) : (
        t('pages.siblings.noRule')
      )}
      {row.unexplained > 0 && <div>{t('pages.siblings.unexplained', { count: row.unexplained })}</div>}
    </>
  )
}

/** Systems that the people of a unit have something in, with their share. */
export function UnitSystems(props: { unitId: string }) {
  const { t, number } = useTexts()
  const may = useMay()
  const query = useCall(getUnitSiblings, { params: { unitId: props.unitId } })
  return (
    <Answer query={query}>
      {answer => (
        <section className="stack">
          <h2 className="section">{t('pages.siblings.systems')}</h2>
          {may('finding.read') && (
            <p>
              <Link to="/findings" search={{ unit: props.unitId }} className="link">
                {t('pages.behind.toFindings')}
              </Link>
              {' · '}
              <Link to="/findings/trend" search={{ unit: props.unitId }} className="link">
                {t('pages.behind.toTrend')}
              </Link>
            </p>
          )}
          <DataTable
            caption={t('pages.siblings.systemsCaption')}
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
              {
                key: 'here',
                label: t('pages.siblings.here'),
                number: true,
                cell: row =>
                  t('pages.siblings.share', {
                    share: percent(row.here, answer.here),
                    held: number(row.here),
                    of: number(answer.here),
                  }),
              },
              {
                key: 'there',
                label: t('pages.siblings.there'),
                number: true,
                rank: 3,
                cell: row => percent(row.there, answer.there),
              },
            ]}
            rows={answer.systems}
            rowKey={row => row.id}
            empty={<Empty title={t('pages.siblings.systemsNone')} />}
          />
        </section>
      )}
    </Answer>
  )
}
