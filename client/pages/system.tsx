import { UnstyledButton } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { rightState } from '#contract/lists.ts'
import { getSystem, getSystemHolders } from '#contract/systems.ts'
import { Behind } from '../features/pages/behind.tsx'
import { SystemChanges } from '../features/pages/changes.tsx'
import { OverTime } from '../features/pages/over-time.tsx'
import { PageTabs } from '../features/pages/page-tabs.tsx'
import { SystemAsOf } from '../features/pages/system-as-of.tsx'
import { RightState } from '../features/person/right-state.tsx'
import { SystemRights } from '../features/systems/system-rights.tsx'
import { SystemTabs } from '../features/systems/system-tabs.tsx'
import { dayOf } from '../lib/formats.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { needTexts, useTexts } from '../texts/i18n.ts'
import { AsOfBanner, AsOfControl } from '../ui/as-of.tsx'
import { BindingsHere } from '../ui/bindings-here.tsx'
import { Card, Facts } from '../ui/card.tsx'
import { CoverageHere } from '../ui/coverage-here.tsx'
import { SystemRightsFile } from '../ui/data-files.tsx'
import type { Column } from '../ui/data-table.tsx'
import { DriftCount } from '../ui/drift-count.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Reading } from '../ui/reading.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'
import classes from './rights.module.css'
import { WhyBeside } from './rights-why.tsx'

/** Comes with texts of its own, when somebody asks for it. */
const SystemRegister = lazy(async () => {
  await needTexts('register')()
  const { SystemRegister } = await import('../features/register/system-register.tsx')
  return { default: SystemRegister }
})

const route = getRouteApi('/app/systems/$systemId')
type System = ResponseOf<typeof getSystem>
type Holder = ResponseOf<typeof getSystemHolders>['rows'][number]
const limit = 50

export function SystemPage() {
  const { t } = useTexts()
  const { systemId } = route.useParams()
  const query = useCall(getSystem, { params: { systemId } })
  if (query.data) return <SystemScreen system={query.data} />
  return (
    <Page title={t('systems.title')} waiting crumbs={[{ label: t('systems.title'), to: '/systems' }]}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

function SystemScreen(props: { system: System }) {
  const { t, ago, number } = useTexts()
  const may = useMay()
  const { system } = props
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, ...next }), replace: true, resetScroll: false })
  const past = may('history.read') ? search.asOf : undefined
  return (
    <Page
      title={system.name}
      section={t('systems.title')}
      crumbs={[{ label: t('systems.title'), to: '/systems' }]}
      lead={system.description ?? system.area}
      badges={<Reading reading={system.reading} />}
      actions={
        may('history.read') && (
          <>
            <AsOfControl
              asOf={search.asOf}
              known={search.known}
              today={dayOf(new Date().toISOString())}
              onChange={({ asOf, known }) => change({ asOf, known, offset: undefined })}
            />
            <SystemRightsFile systemId={system.id} asOf={past} />
          </>
        )
      }
    >
      <SystemTabs systemId={system.id} at="system" />
      {past && (
        <AsOfBanner asOf={past} known={search.known} onBack={() => change({ asOf: undefined, known: undefined })} />
      )}
      {!past && (
        <Card>
          <Facts
            facts={[
              {
                label: t('systems.owner'),
                value: system.owner ? <PersonLink person={system.owner} /> : t('systems.noOwner'),
              },
              ...(system.area ? [{ label: t('systems.area'), value: system.area }] : []),
              ...(system.supplier ? [{ label: t('system.supplier'), value: system.supplier }] : []),
              ...(system.criticality
                ? [
                    {
                      label: t('system.criticality'),
                      value: t(`enum.criticality.${system.criticality}`),
                    },
                  ]
                : []),
              ...(system.kle.length > 0 ? [{ label: t('system.kle'), value: system.kle.join(', ') }] : []),
              {
                label: t('system.readAt'),
                value: system.readAt ? ago(system.readAt) : t('system.never'),
                note:
                  system.reading === 'none'
                    ? t('system.notReadNote')
                    : system.late && system.readAt
                      ? t('system.lateNote')
                      : undefined,
              },
              { label: t('systems.columns.expected'), value: number(system.expected) },
              ...(system.reading !== 'none'
                ? [
                    { label: t('systems.columns.observed'), value: number(system.observed) },
                    { label: t('systems.columns.drift'), value: <DriftCount count={system.drift} /> },
                  ]
                : []),
            ]}
          />
          <CoverageHere system={system.id} />
        </Card>
      )}
      {past ? (
        <SystemAsOf
          systemId={system.id}
          asOf={past}
          known={search.known}
          entitlement={search.entitlement}
          offset={search.offset ?? 0}
          onChange={next => change(next)}
        />
      ) : (
        <PageTabs
          value={search.tab}
          onChange={tab => change({ tab, offset: undefined })}
          tabs={[
            {
              key: 'holders',
              panel: (
                <div className="stack">
                  <SystemRights system={system} />
                  {may('system.holders') && <Holders system={system} />}
                </div>
              ),
            },
            {
              key: 'register' as const,
              panel: (
                <div className="stack">
                  <Suspense fallback={<Waiting />}>
                    <SystemRegister systemId={system.id} />
                  </Suspense>
                  <BindingsHere
                    asked={{ system: system.id }}
                    object={{ level: 'system', systemId: system.id }}
                    what={system.name}
                  />
                </div>
              ),
            },
            ...(may('system.holders')
              ? [
                  { key: 'behind' as const, panel: <Behind systemId={system.id} /> },
                  { key: 'time' as const, panel: <OverTime systemId={system.id} /> },
                ]
              : []),
            ...(may('history.read')
              ? [
                  {
                    key: 'changes' as const,
                    panel: (
                      <SystemChanges
                        systemId={system.id}
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
      )}
    </Page>
  )
}

function Holders(props: { system: System }) {
  const { t, day, ago } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const { change, offset } = url
  const { entitlement, state } = search
  const query = useCall(
    getSystemHolders,
    {
      params: { systemId: props.system.id },
      query: { ...(entitlement ? { entitlement } : {}), ...(state ? { state } : {}), offset, limit },
    },
    { keep: true },
  )
  const [why, setWhy] = useState<{ key: string; row: Holder } | null>(null)
  const keyOf = (row: Holder) => `${row.person?.id ?? row.account?.id ?? ''}${row.entitlement.id}`
  const columns: Column<Holder>[] = [
    {
      key: 'person',
      label: t('system.holderColumns.person'),
      cell: row =>
        row.person ? <PersonLink person={row.person} /> : t('system.orphan', { username: row.account?.username ?? '' }),
    },
    {
      key: 'unit',
      label: t('system.holderColumns.unit'),
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
    { key: 'right', label: t('system.holderColumns.right'), rank: 3, cell: row => row.entitlement.name },
    {
      key: 'state',
      label: t('system.holderColumns.state'),
      cell: row => (
        <>
          {row.person ? (
            <UnstyledButton
              className="link"
              aria-expanded={why?.key === keyOf(row)}
              aria-label={`${t(`enum.rightState.${row.state}`)}: ${t('matrix.why')}`}
              onClick={() => setWhy(why?.key === keyOf(row) ? null : { key: keyOf(row), row })}
            >
              <RightState state={row.state} plain />
            </UnstyledButton>
          ) : (
            <RightState state={row.state} plain />
          )}
          {/* The age of the whole system stands above. */}
          {row.seenAt && row.seenAt !== props.system.readAt && (
            <div className="meta">{t('system.rowSeen', { when: ago(row.seenAt) })}</div>
          )}
        </>
      ),
    },
    {
      key: 'rule',
      label: t('system.holderColumns.rule'),
      rank: 2,
      cell: row =>
        row.ruleKey ? (
          <Link to="/rules/$key" params={{ key: row.ruleKey }} className="link">
            {row.ruleName}
          </Link>
        ) : (
          <span className="meta">{t('person.noGround')}</span>
        ),
    },
    {
      key: 'since',
      label: t('system.holderColumns.since'),
      rank: 1,
      cell: row => row.since && <span className="nowrap">{day(row.since)}</span>,
    },
  ]
  return (
    <section id="holders" className="stack">
      <h2 className="section">{t('system.holders')}</h2>
      <div className={classes.beside} data-open={why !== null || undefined}>
        <div>
          <ListFrame
            query={query}
            caption={t('system.holdersCaption')}
            columns={columns}
            rowKey={keyOf}
            url={{ ...url, filtered: entitlement !== undefined || state !== undefined }}
            limit={limit}
            filters={
              <>
                <Choice
                  label={t('system.right')}
                  value={search.entitlement}
                  onChange={entitlement => change({ entitlement })}
                  options={props.system.rights.map(right => ({ value: right.id, label: right.name }))}
                />
                <Choice
                  label={t('system.state')}
                  value={search.state}
                  onChange={state => change({ state })}
                  options={rightState.options.map(value => ({ value, label: t(`enum.rightState.${value}`) }))}
                />
              </>
            }
            empty={<Empty title={t('system.noHolders')} />}
          />
        </div>
        {why?.row.person && (
          <WhyBeside
            key={why.key}
            person={{ ...why.row.person, title: why.row.title, unit: null }}
            columns={[
              {
                id: why.row.entitlement.id,
                name: why.row.entitlement.name,
                system: props.system.name,
                systemId: props.system.id,
                area: null,
                sensitivity: 'none',
                privileged: false,
              },
            ]}
            past={null}
            onClose={() => setWhy(null)}
          />
        )}
      </div>
    </section>
  )
}
