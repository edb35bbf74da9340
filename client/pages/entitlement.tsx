import { Button, Group } from '@mantine/core'
import { IconAlertTriangle, IconShieldBolt } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { getEntitlement, releaseEntitlement, restoreEntitlement, retireEntitlement } from '#contract/entitlements.ts'
import { About } from '../features/entitlements/about.tsx'
import { type Entitlement, EntitlementForm } from '../features/entitlements/entitlement-form.tsx'
import { DataFreshness, OBSERVED } from '../features/freshness/data-freshness.tsx'
import { Behind } from '../features/pages/behind.tsx'
import { SystemChanges } from '../features/pages/changes.tsx'
import { OverTime } from '../features/pages/over-time.tsx'
import { PageTabs } from '../features/pages/page-tabs.tsx'
import { RightPeers } from '../features/pages/right-peers.tsx'
import { SystemAsOf } from '../features/pages/system-as-of.tsx'
import { problemOf } from '../lib/call.ts'
import { dayOf } from '../lib/formats.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { AsOfBanner, AsOfControl } from '../ui/as-of.tsx'
import { BindingsHere } from '../ui/bindings-here.tsx'
import { Page } from '../ui/page.tsx'
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
        <>
          {entitlement.shownBy.length > 0 ? (
            <DataFreshness kinds={OBSERVED} sources={entitlement.shownBy} />
          ) : (
            <p className="meta">{t('system.notReadNote')}</p>
          )}
          <PageTabs
            value={search.tab}
            onChange={tab => change({ tab, offset: undefined })}
            tabs={[
              {
                key: 'about',
                panel: (
                  <div className="stack">
                    <About
                      entitlement={entitlement}
                      onRelease={attribute => setAsked({ what: 'release', attribute })}
                    />
                    <BindingsHere
                      asked={{ entitlement: entitlement.id }}
                      object={{ level: 'entitlement', entitlementId: entitlement.id }}
                      what={`${entitlement.name}, ${system.name}`}
                    />
                  </div>
                ),
              },
              ...(may('system.holders')
                ? [
                    { key: 'peers' as const, panel: <RightPeers entitlementId={entitlement.id} /> },
                    { key: 'behind' as const, panel: <Behind systemId={system.id} entitlement={entitlement.id} /> },
                    { key: 'time' as const, panel: <OverTime systemId={system.id} entitlement={entitlement.id} /> },
                  ]
                : []),
              ...(may('history.read')
                ? [
                    {
                      key: 'changes' as const,
                      panel: (
                        <SystemChanges
                          systemId={system.id}
                          entitlement={entitlement.id}
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
      {editing && <EntitlementForm entitlement={entitlement} onClose={() => setEditing(false)} />}
      {asked && <Ask entitlement={entitlement} asked={asked} onClose={() => setAsked(null)} />}
    </Page>
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
