import { Button } from '@mantine/core'
import { IconArrowsLeftRight } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { comparePeople, getColleagues } from '#contract/pages.ts'
import { DataFreshness, OBSERVED } from '../features/freshness/data-freshness.tsx'
import { FactsTable } from '../features/pages/facts-table.tsx'
import { YesNo } from '../features/pages/held-marks.tsx'
import classes from '../features/pages/pages.module.css'
import { RightState } from '../features/person/right-state.tsx'
import { dayOf } from '../lib/formats.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { AsOfBanner, AsOfControl } from '../ui/as-of.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Sensitivity } from '../ui/sensitivity.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { WhoPicker } from '../ui/who-picker.tsx'

const route = getRouteApi('/app/people/compare')
type Compared = ResponseOf<typeof comparePeople>
type Row = Compared['rows'][number]

/** Two people side by side, today or on another day. Who they are stands in the address as opaque ids. */
export function ComparePage() {
  const { t } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, ...next }), resetScroll: false })
  const { a, b, asOf, known } = search
  const ready = a !== undefined && b !== undefined && a !== b
  const query = useCall(
    comparePeople,
    { query: { a: a ?? '', b: b ?? '', ...(asOf ? { asOf } : {}), ...(known ? { known } : {}) } },
    { enabled: ready, keep: true },
  )
  const today = dayOf(new Date().toISOString())
  return (
    <Page
      title={t('pages.compare.title')}
      section={t('people.title')}
      lead={t('pages.compare.lead')}
      crumbs={[{ label: t('people.title'), to: '/people' }]}
      actions={
        ready && (
          <>
            <Button
              variant="default"
              leftSection={<IconArrowsLeftRight size={18} aria-hidden />}
              onClick={() => change({ a: b, b: a })}
            >
              {t('pages.compare.swap')}
            </Button>
            {(query.data?.history || asOf) && (
              <AsOfControl
                asOf={asOf}
                known={known}
                today={today}
                onChange={next => change({ asOf: next.asOf, known: next.known })}
              />
            )}
          </>
        )
      }
    >
      {ready && <AsOfBanner asOf={asOf} known={known} onBack={() => change({ asOf: undefined, known: undefined })} />}
      {ready && !asOf && <DataFreshness kinds={['affiliation', ...OBSERVED]} />}
      {a === undefined ? (
        <Card title={t('pages.compare.pickFirst')}>
          <WhoPicker label={t('pages.compare.search')} onPick={who => change({ a: who.id })} />
        </Card>
      ) : ready ? (
        <Answer query={query}>{answer => <Side answer={answer} onOther={() => change({ b: undefined })} />}</Answer>
      ) : (
        <PickOther personId={a} same={a === b} onPick={id => change({ b: id })} />
      )}
    </Page>
  )
}

function PickOther(props: { personId: string; same: boolean; onPick: (id: string) => void }) {
  const { t } = useTexts()
  const query = useCall(getColleagues, { params: { personId: props.personId } })
  return (
    <Card title={t('pages.compare.pickSecond')}>
      <div className={classes.picker}>
        {props.same && <p role="alert">{t('pages.compare.samePerson')}</p>}
        <WhoPicker
          label={t('pages.compare.search')}
          onPick={who => who.id !== props.personId && props.onPick(who.id)}
        />
        <h3>{t('pages.compare.colleagues')}</h3>
        <Answer query={query}>
          {({ rows }) =>
            rows.length === 0 ? (
              <p className="dim">{t('pages.compare.noColleagues')}</p>
            ) : (
              <ul className={classes.colleagues}>
                {rows.map(row => (
                  <li key={row.person.id}>
                    <Link
                      to="/people/compare"
                      search={old => ({ ...old, a: props.personId, b: row.person.id }) as never}
                      className="link"
                    >
                      {row.person.name ?? t('people.protectedPerson')}
                    </Link>
                    <div className="meta">
                      {[row.title, row.samePosition ? t('pages.compare.samePosition') : null]
                        .filter(Boolean)
                        .join(' · ')}
                    </div>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </div>
    </Card>
  )
}

const has = (side: Row['a']): boolean => side !== null && (side.expected || side.observed)
const same = ({ a, b }: Row): boolean =>
  a !== null && b !== null && a.expected === b.expected && a.observed === b.observed

function Side(props: { answer: Compared; onOther: () => void }) {
  const { t, number } = useTexts()
  const { answer } = props
  const { a, b, rows } = answer
  const nameOf = (who: Compared['a']) => who.person.name ?? t('people.protectedPerson')
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
          </Link>{' '}
          <Sensitivity sensitivity={row.entitlement.sensitivity} />
          <div className="meta">{row.system.name}</div>
        </>
      ),
    },
    { key: 'a', label: nameOf(a), cell: row => <Held side={row.a} /> },
    { key: 'b', label: nameOf(b), cell: row => <Held side={row.b} /> },
  ]
  return (
    <>
      <FactsTable answer={answer} onOther={props.onOther} />
      <section className="stack">
        <h2 className="section">{t('pages.compare.rights')}</h2>
        <p role="status">
          {t('pages.compare.summary', {
            onlyA: number(rows.filter(row => has(row.a) && !has(row.b)).length),
            onlyB: number(rows.filter(row => has(row.b) && !has(row.a)).length),
            both: number(rows.filter(row => has(row.a) && has(row.b)).length),
            a: nameOf(a),
            b: nameOf(b),
          })}
        </p>
        <DataTable
          caption={t('pages.compare.caption')}
          columns={columns}
          rows={rows}
          rowKey={row => row.entitlement.id}
          groupOf={row =>
            same(row)
              ? { key: 'same', label: t('pages.compare.groupSame') }
              : { key: 'differs', label: t('pages.compare.groupDiffers') }
          }
          empty={<Empty title={t('pages.compare.none')} />}
        />
      </section>
    </>
  )
}

/** What one of the two has of a right, and by which rules. */
function Held(props: { side: Row['a'] }) {
  const { t } = useTexts()
  const { side } = props
  if (side === null) return <span className="meta">{t('pages.compare.hasNot')}</span>
  return (
    <>
      {side.state ? (
        <RightState state={side.state} plain />
      ) : (
        <dl className={classes.then}>
          <dt>{t('pages.expected')}</dt>
          <dd>
            <YesNo yes={side.expected} rests={side.rests} />
          </dd>
          <dt>{t('pages.observed')}</dt>
          <dd>
            <YesNo yes={side.observed} />
          </dd>
        </dl>
      )}
      <div className="meta">
        {side.rules.length === 0
          ? t('pages.noRule')
          : side.rules.map((rule, place) => (
              <span key={rule.key}>
                {place > 0 && ', '}
                <Link to="/rules/$key" params={{ key: rule.key }} className="link">
                  {rule.name}
                </Link>
              </span>
            ))}
      </div>
    </>
  )
}
