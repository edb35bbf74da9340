import { Button, Code, Group, Stack } from '@mantine/core'
import { IconAlertTriangle, IconShieldBolt } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { getEntitlement, releaseEntitlement, restoreEntitlement, retireEntitlement } from '#contract/entitlements.ts'
import { getSystemChanges } from '#contract/pages.ts'
import { type Entitlement, EntitlementForm } from '../features/entitlements/entitlement-form.tsx'
import { useFieldText, Versions } from '../features/entitlements/versions.tsx'
import { Behind } from '../features/pages/behind.tsx'
import { CHANGES_LIMIT, ChangesPanel } from '../features/pages/changes.tsx'
import { OverTime } from '../features/pages/over-time.tsx'
import { PageTabs } from '../features/pages/page-tabs.tsx'
import { SystemAsOf } from '../features/pages/system-as-of.tsx'
import { problemOf } from '../lib/call.ts'
import { dayOf } from '../lib/formats.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { AsOfBanner, AsOfControl } from '../ui/as-of.tsx'
import { Card, Facts } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Sensitivity } from '../ui/sensitivity.tsx'
import { Failure, Waiting } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/systems/$systemId/rights/$entitlementId')

/** What one right is, what gives it, and what has been said of it. */
export function EntitlementPage() {
  const { t } = useTexts()
  const { entitlementId } = route.useParams()
  const query = useCall(getEntitlement, { params: { entitlementId } })
  if (query.data) return <EntitlementScreen key={query.data.id} entitlement={query.data} />
  return (
    <Page title={t('entitlement.listTitle')} waiting crumbs={[{ label: t('systems.title'), to: '/systems' }]}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

type Asked =
  | { what: 'retire' | 'restore' }
  | { what: 'release'; attribute: Entitlement['setByHand'][number]['attribute'] }

function EntitlementScreen(props: { entitlement: Entitlement }) {
  const { t } = useTexts()
  const { entitlement } = props
  const { system, allowed } = entitlement
  const [editing, setEditing] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const may = useMay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, ...next }), replace: true, resetScroll: false })
  const past = may('history.read') ? search.asOf : undefined
  return (
    <Page
      title={entitlement.name}
      section={system.name}
      crumbs={[
        { label: t('systems.title'), to: '/systems' },
        { label: system.name, to: '/systems/$systemId', params: { systemId: system.id } },
      ]}
      lead={entitlement.description ?? t('entitlement.noDescription')}
      badges={
        <>
          <Sensitivity sensitivity={entitlement.sensitivity} long />
          {entitlement.privileged && (
            <Status tone="wait" icon={IconShieldBolt}>
              {t('entitlement.privileged')}
            </Status>
          )}
          {entitlement.status === 'retired' && (
            <Status tone="quiet" icon={IconAlertTriangle}>
              {t('entitlement.status.retired')}
            </Status>
          )}
          {entitlement.lacks.map(lack => (
            <Status key={lack} tone="wait" icon={IconAlertTriangle} title={t(`entitlement.lackHelp.${lack}`)}>
              {t(`entitlement.lacks.${lack}`)}
            </Status>
          ))}
        </>
      }
      actions={
        <Group gap={8}>
          {may('history.read') && (
            <AsOfControl
              asOf={search.asOf}
              known={search.known}
              today={dayOf(new Date().toISOString())}
              onChange={({ asOf, known }) => change({ asOf, known, offset: undefined })}
            />
          )}
          {allowed.change && <Button onClick={() => setEditing(true)}>{t('entitlement.edit')}</Button>}
          {allowed.retire && (
            <Button variant="default" onClick={() => setAsked({ what: 'retire' })}>
              {t('entitlement.retire')}
            </Button>
          )}
          {allowed.restore && (
            <Button variant="default" onClick={() => setAsked({ what: 'restore' })}>
              {t('entitlement.restore')}
            </Button>
          )}
        </Group>
      }
    >
      {past ? (
        <>
          <AsOfBanner asOf={past} known={search.known} onBack={() => change({ asOf: undefined, known: undefined })} />
          <SystemAsOf
            systemId={system.id}
            asOf={past}
            known={search.known}
            entitlement={entitlement.id}
            fixed
            offset={search.offset ?? 0}
            onChange={({ offset }) => change({ offset })}
          />
        </>
      ) : (
        <PageTabs
          value={search.tab}
          onChange={tab => change({ tab, offset: undefined })}
          tabs={[
            {
              key: 'about',
              panel: (
                <About entitlement={entitlement} onRelease={attribute => setAsked({ what: 'release', attribute })} />
              ),
            },
            ...(may('system.holders')
              ? [
                  { key: 'behind' as const, panel: <Behind systemId={system.id} entitlement={entitlement.id} /> },
                  { key: 'time' as const, panel: <OverTime systemId={system.id} entitlement={entitlement.id} /> },
                ]
              : []),
            ...(may('history.read')
              ? [{ key: 'changes' as const, panel: <EntitlementChanges entitlement={entitlement} /> }]
              : []),
          ]}
        />
      )}
      {editing && <EntitlementForm entitlement={entitlement} onClose={() => setEditing(false)} />}
      {asked && <Ask entitlement={entitlement} asked={asked} onClose={() => setAsked(null)} />}
    </Page>
  )
}

function EntitlementChanges(props: { entitlement: Entitlement }) {
  const { from, to, known, offset = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const { id, system } = props.entitlement
  const query = useCall(
    getSystemChanges,
    {
      params: { systemId: system.id },
      query: {
        ...{ from: from ?? '', to: to ?? '', entitlement: id, offset, limit: CHANGES_LIMIT },
        ...(known ? { known } : {}),
      },
    },
    { enabled: from !== undefined && to !== undefined, keep: true },
  )
  return (
    <ChangesPanel
      days={{ from, to }}
      today={dayOf(new Date().toISOString())}
      query={query}
      offset={offset}
      without="system"
      onDays={days => void navigate({ search: old => ({ ...old, ...days, offset: undefined }), resetScroll: false })}
      onMove={next => void navigate({ search: old => ({ ...old, offset: next || undefined }), resetScroll: false })}
    />
  )
}

function About(props: {
  entitlement: Entitlement
  onRelease: (attribute: Entitlement['setByHand'][number]['attribute']) => void
}) {
  const { t, number, ago } = useTexts()
  const { entitlement } = props
  const { system, counts, licence } = entitlement
  return (
    <Stack gap={16}>
      <Card title={t('entitlement.what')}>
        <Facts
          facts={[
            { label: t('entitlement.key'), value: <Code>{entitlement.key}</Code> },
            { label: t('entitlement.kind'), value: t(`enum.entitlementKind.${entitlement.kind}`) },
            { label: t('entitlement.sensitivity'), value: t(`enum.sensitivity.${entitlement.sensitivity}`) },
            {
              label: t('entitlement.owner'),
              value: entitlement.owner ? <PersonLink person={entitlement.owner} /> : t('entitlement.noOwner'),
              note: entitlement.owner && !entitlement.ownOwner ? t('entitlement.ownerOfSystem') : undefined,
            },
            {
              label: t('entitlement.constraints'),
              value: entitlement.constraints.join(', ') || t('entitlement.noConstraints'),
            },
            ...(licence
              ? [
                  {
                    label: t('entitlement.licence'),
                    value: t('entitlement.licenceUse', { used: licence.used, cap: licence.cap }),
                    note: t(`entitlement.counts.${licence.counts}`),
                  },
                ]
              : []),
            ...(entitlement.technicalNote
              ? [{ label: t('entitlement.technicalNote'), value: entitlement.technicalNote }]
              : []),
            ...(entitlement.goneAt && entitlement.status === 'active'
              ? [{ label: t('entitlement.gone'), value: ago(entitlement.goneAt) }]
              : []),
          ]}
        />
        <SetByHand entitlement={entitlement} onRelease={props.onRelease} />
      </Card>
      <Card
        title={t('entitlement.holders')}
        aside={
          <Link
            to="/systems/$systemId"
            params={{ systemId: system.id }}
            search={{ entitlement: entitlement.id }}
            hash="holders"
            className="link"
          >
            {t('entitlement.showHolders')}
          </Link>
        }
      >
        <Facts
          columns
          facts={(['expected', 'observed', 'missing', 'unexplained'] as const).map(key => ({
            label: t(`entitlement.${key}`),
            value: number(counts[key]),
          }))}
        />
      </Card>
      <Composition entitlement={entitlement} />
      <Versions entitlement={entitlement} />
    </Stack>
  )
}

function SetByHand(props: {
  entitlement: Entitlement
  onRelease: (attribute: Entitlement['setByHand'][number]['attribute']) => void
}) {
  const { t, instant } = useTexts()
  const text = useFieldText()
  const { setByHand, allowed } = props.entitlement
  if (setByHand.length === 0) return null
  return (
    <section>
      <h3>{t('entitlement.setByHand')}</h3>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {setByHand.map(one => (
          <li key={one.attribute}>
            <b>{t(`entitlement.fields.${one.attribute}`)}</b>{' '}
            <span className="meta">
              {t('entitlement.setByHandLine', {
                who: one.by,
                when: instant(one.at),
                feed: text(one.attribute, one.feed),
              })}
            </span>{' '}
            {allowed.change && (
              <Button
                variant="default"
                size="compact-xs"
                aria-label={t('entitlement.releaseOf', { field: t(`entitlement.fields.${one.attribute}`) })}
                onClick={() => props.onRelease(one.attribute)}
              >
                {t('entitlement.release')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Composition(props: { entitlement: Entitlement }) {
  const { t, number } = useTexts()
  const { groups, includes, includedIn, roles } = props.entitlement
  const links = (list: Entitlement['includes']) =>
    list.length === 0
      ? t('entitlement.nothing')
      : list.map((one, place) => (
          <span key={one.id}>
            {place > 0 && ', '}
            <Link
              to="/systems/$systemId/rights/$entitlementId"
              params={{ systemId: one.system.id, entitlementId: one.id }}
              className="link"
            >
              {one.system.name}: {one.name}
            </Link>
          </span>
        ))
  return (
    <Card title={t('entitlement.composition')}>
      <Stack gap={12}>
        {groups.length === 0 ? (
          <p className="dim">{t('entitlement.noGroups')}</p>
        ) : (
          <DataTable
            caption={t('entitlement.groupsCaption')}
            rows={groups}
            rowKey={row => row.id}
            columns={[
              { key: 'group', label: t('entitlement.groupColumns.group'), cell: row => row.name },
              { key: 'source', label: t('entitlement.groupColumns.source'), rank: 2, cell: row => row.source },
              {
                key: 'pattern',
                label: t('entitlement.groupColumns.pattern'),
                cell: row => (
                  <>
                    <Code>{row.pattern}</Code> <span className="meta">{t(`mapping.origins.${row.origin}`)}</span>
                  </>
                ),
              },
              {
                key: 'members',
                label: t('entitlement.groupColumns.members'),
                number: true,
                cell: row => number(row.members),
              },
            ]}
            empty={null}
          />
        )}
        <Facts
          facts={[
            { label: t('entitlement.includes'), value: links(includes) },
            { label: t('entitlement.includedIn'), value: links(includedIn) },
            {
              label: t('entitlement.roles'),
              value:
                roles.length === 0
                  ? t('entitlement.nothing')
                  : roles.map((role, place) => (
                      <span key={role.key}>
                        {place > 0 && ', '}
                        <Link to="/roles/$key" params={{ key: role.key }} className="link">
                          {role.name}
                        </Link>
                      </span>
                    )),
            },
          ]}
        />
      </Stack>
    </Card>
  )
}

function Ask(props: { entitlement: Entitlement; asked: Asked; onClose: () => void }) {
  const { t } = useTexts()
  const { entitlement, asked } = props
  const done = (said: 'retiredNow' | 'restored' | 'released') => () => {
    announce(t(`entitlement.${said}`))
    props.onClose()
  }
  const retire = useCommand(retireEntitlement, done('retiredNow'))
  const restore = useCommand(restoreEntitlement, done('restored'))
  const release = useCommand(releaseEntitlement, done('released'))
  const command = { retire, restore, release }[asked.what]
  const params = { entitlementId: entitlement.id }
  const { stamp } = entitlement
  return (
    <ReasonDialog
      title={
        asked.what === 'release'
          ? t('entitlement.releaseOf', { field: t(`entitlement.fields.${asked.attribute}`) })
          : t(`entitlement.${asked.what}`)
      }
      danger={asked.what === 'retire'}
      busy={command.isPending}
      error={command.error ? problemText(command.error) : null}
      onConfirm={reason => {
        if (asked.what === 'release') release.mutate({ params, body: { stamp, reason, attributes: [asked.attribute] } })
        else if (asked.what === 'retire') retire.mutate({ params, body: { stamp, reason } })
        else restore.mutate({ params, body: { stamp, reason } })
      }}
      onClose={props.onClose}
    >
      <p>{asked.what === 'retire' ? t('entitlement.retireLead') : entitlement.name}</p>
    </ReasonDialog>
  )

  function problemText(error: unknown): string {
    const { code, params: said } = problemOf(error)
    if (code !== 'entitlement-in-use') return t(`problem.${code}`)
    const what = [
      Number(said.held) > 0 ? t('entitlement.inUseHeld', { held: Number(said.held) }) : '',
      said.rules ? t('entitlement.inUseRules', { rules: String(said.rules) }) : '',
      said.roles ? t('entitlement.inUseRoles', { roles: String(said.roles) }) : '',
    ]
    return t('entitlement.inUse', { what: what.filter(Boolean).join('; ') })
  }
}
