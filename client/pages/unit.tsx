import { Button } from '@mantine/core'
import { IconAlertCircle, IconUsers } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getUnit } from '#contract/units.ts'
import { DriftTrend } from '../features/findings/drift-trend.tsx'
import { DataFreshness, OBSERVED } from '../features/freshness/data-freshness.tsx'
import { CutoverCard } from '../features/org/cutover-card.tsx'
import { UnitChanges } from '../features/pages/changes.tsx'
import { PageTabs } from '../features/pages/page-tabs.tsx'
import { Siblings, UnitSystems } from '../features/pages/siblings.tsx'
import { UnitAsOf } from '../features/pages/unit-as-of.tsx'
import { dayOf, lastDay } from '../lib/formats.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { AsOfBanner, AsOfControl } from '../ui/as-of.tsx'
import { Card, Facts } from '../ui/card.tsx'
import { CoverageHere } from '../ui/coverage-here.tsx'
import { SystemsDataFile } from '../ui/data-files.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { PersonStatus } from '../ui/person-status.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'
import classes from './unit.module.css'

const route = getRouteApi('/app/org/$unitId')
type Unit = ResponseOf<typeof getUnit>
const limit = 50

export function UnitPage() {
  const { t } = useTexts()
  const { unitId } = route.useParams()
  const search = route.useSearch()
  const offset = search.tab === undefined && search.asOf === undefined ? (search.offset ?? 0) : 0
  const query = useCall(getUnit, { params: { unitId }, query: { offset, limit } }, { keep: true })
  if (query.data) return <UnitScreen page={query.data} offset={offset} />
  return (
    <Page title={t('org.title')} waiting crumbs={[{ label: t('org.title'), to: '/org' }]}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

function UnitScreen(props: { page: Unit; offset: number }) {
  const { t } = useTexts()
  const may = useMay()
  const { unit } = props.page
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, ...next }), replace: true, resetScroll: false })
  const past = may('history.read') ? search.asOf : undefined
  return (
    <Page
      title={unit.name}
      section={t('org.title')}
      lead={t(`enum.unitKind.${unit.kind}`)}
      crumbs={[
        { label: t('org.title'), to: '/org' },
        ...unit.path
          .filter(step => step.id !== unit.id)
          .map(step => ({ label: step.name, to: '/org/$unitId', params: { unitId: step.id } })),
      ]}
      actions={
        <>
          {may('history.read') && (
            <AsOfControl
              asOf={search.asOf}
              known={search.known}
              today={dayOf(new Date().toISOString())}
              onChange={({ asOf, known }) => change({ asOf, known, offset: undefined })}
            />
          )}
          {may('activity.read') && <SystemsDataFile unit={unit.id} asOf={search.asOf} />}
          {may('person.read') && (
            <Button
              component={Link}
              to="/people"
              search={{ unit: unit.id } as never}
              variant="default"
              leftSection={<IconUsers size={18} aria-hidden />}
            >
              {t('unit.below')}
            </Button>
          )}
        </>
      }
    >
      {past ? (
        <>
          <AsOfBanner asOf={past} known={search.known} onBack={() => change({ asOf: undefined, known: undefined })} />
          <UnitAsOf
            unitId={unit.id}
            asOf={past}
            known={search.known}
            offset={search.offset ?? 0}
            onMove={next => change({ offset: next || undefined })}
          />
        </>
      ) : (
        <>
          <UnitFacts page={props.page} />
          <CoverageHere unit={unit.id} />
          <DataFreshness kinds={['unit', 'affiliation', ...OBSERVED]} />
          <PageTabs
            value={search.tab}
            onChange={tab => change({ tab, offset: undefined })}
            tabs={[
              {
                key: 'people',
                panel: (
                  <div className={classes.columns}>
                    <section className={classes.main} aria-labelledby="unit-people">
                      <h2 id="unit-people" className={classes.heading}>
                        {t('unit.people')}
                      </h2>
                      <UnitPeople {...props} />
                    </section>
                    <UnitSide page={props.page} />
                  </div>
                ),
              },
              { key: 'rights', panel: <UnitSystems unitId={unit.id} /> },
              { key: 'siblings', panel: <Siblings unitId={unit.id} /> },
              ...(may('finding.read') ? [{ key: 'drift' as const, panel: <DriftTrend unit={unit.id} /> }] : []),
              ...(may('history.read')
                ? [
                    {
                      key: 'changes' as const,
                      panel: (
                        <UnitChanges
                          unitId={unit.id}
                          search={search}
                          today={dayOf(new Date().toISOString())}
                          onChange={change}
                        />
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </>
      )}
    </Page>
  )
}

function UnitFacts(props: { page: Unit }) {
  const { t, number, date } = useTexts()
  const { unit, deputies } = props.page
  return (
    <Card>
      <Facts
        facts={[
          {
            label: t('org.manager'),
            value: unit.manager ? <PersonLink person={unit.manager} /> : t('unit.noManager'),
            note: unit.managerFromUnit ? t('unit.managerFrom', { unit: unit.managerFromUnit.name }) : undefined,
          },
          ...(deputies.length > 0
            ? [
                {
                  label: t('unit.deputies'),
                  value: deputies.map(deputy => (
                    <div key={deputy.person.id}>
                      <PersonLink person={deputy.person} />{' '}
                      <span className="meta">
                        {deputy.kind === 'permanent' || !deputy.from
                          ? t('unit.deputyPermanent')
                          : deputy.to
                            ? t('unit.deputyDated', { from: date(deputy.from), to: date(lastDay(deputy.to)) })
                            : t('person.periodOpen', { from: date(deputy.from) })}
                      </span>
                    </div>
                  )),
                },
              ]
            : []),
          { label: t('unit.peopleHere'), value: number(unit.people) },
          { label: t('unit.peopleBelow'), value: number(unit.peopleBelow) },
          { label: t('unit.key'), value: unit.key },
          ...(unit.kle.length > 0 ? [{ label: t('unit.kle'), value: unit.kle.join(', ') }] : []),
          ...(unit.payUnits.length > 0
            ? [{ label: t('unit.payUnits'), value: unit.payUnits.map(one => one.name).join(', ') }]
            : []),
        ]}
      />
    </Card>
  )
}

function UnitPeople(props: { page: Unit; offset: number }) {
  const { t, date, number } = useTexts()
  const navigate = route.useNavigate()
  const columns: Column<Unit['people'][number]>[] = [
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
    {
      key: 'status',
      label: t('people.columns.status'),
      rank: 3,
      cell: row =>
        row.onLeave ? (
          <Status tone="wait" icon={IconAlertCircle} plain>
            {t('person.onLeave')}
          </Status>
        ) : (
          <PersonStatus status={row.status} plain />
        ),
    },
    {
      key: 'expected',
      label: t('people.columns.expected'),
      number: true,
      rank: 2,
      cell: row => number(row.expected),
    },
    {
      key: 'drift',
      label: t('people.columns.drift'),
      number: true,
      cell: row =>
        row.drift > 0 ? (
          <Status tone="bad" icon={IconAlertCircle} plain>
            {number(row.drift)}
          </Status>
        ) : (
          <span className="meta">{t('people.noDrift')}</span>
        ),
    },
  ]
  return (
    <>
      <DataTable
        caption={t('unit.caption')}
        columns={columns}
        rows={props.page.people}
        rowKey={row => row.affiliationId}
        empty={<Empty title={t('unit.empty')} />}
      />
      <Pager
        offset={props.offset}
        limit={limit}
        total={props.page.totalPeople}
        onMove={next => void navigate({ search: old => ({ ...old, offset: next || undefined }) })}
      />
    </>
  )
}

function UnitSide(props: { page: Unit }) {
  const { t, number } = useTexts()
  const { children, rules } = props.page
  return (
    <div className={classes.side}>
      {children.length > 0 && (
        <Card title={t('unit.children')} flush>
          <ul className={classes.list}>
            {children.map(child => (
              <li key={child.id}>
                <Link to="/org/$unitId" params={{ unitId: child.id }} className="link">
                  {child.name}
                </Link>
                <span className="meta">{number(child.peopleBelow)}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <CutoverCard unitId={props.page.unit.id} />
      <Card title={t('unit.rules')} flush>
        {rules.length === 0 ? (
          <p className={classes.none}>{t('unit.noRules')}</p>
        ) : (
          <ul className={classes.list}>
            {rules.map(rule => (
              <li key={rule.key}>
                <Link to="/rules/$key" params={{ key: rule.key }} className="link">
                  {rule.name}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </div>
  )
}
