import { Button, Tabs } from '@mantine/core'
import { IconArrowsLeftRight, IconPrinter, IconShieldLock } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { getPerson } from '#contract/people.ts'
import { DataFreshness } from '../features/freshness/data-freshness.tsx'
import { AffiliationCards } from '../features/person/affiliation-cards.tsx'
import { CprNumber } from '../features/person/cpr-reveal.tsx'
import { EquipmentOf } from '../features/person/equipment-card.tsx'
import type { PersonData } from '../features/person/person.ts'
import { LockBanner, LockButton } from '../features/person/person-lock.tsx'
import { RightsPanel } from '../features/person/rights-panel.tsx'
import { Summary } from '../features/person/summary.tsx'
import { WithheldRights } from '../features/strict/withheld-rights.tsx'
import { problemOf } from '../lib/call.ts'
import { useCall } from '../lib/query.ts'
import { useMay, useSession } from '../lib/session.ts'
import { needTexts, useTexts } from '../texts/i18n.ts'
import { AsOfBanner, AsOfControl } from '../ui/as-of.tsx'
import { Facts } from '../ui/card.tsx'
import { PersonDataFile } from '../ui/data-files.tsx'
import { Email } from '../ui/email.tsx'
import { HoldHere } from '../ui/hold-here.tsx'
import { Page } from '../ui/page.tsx'
import { PersonStatus } from '../ui/person-status.tsx'
import { Failure, Waiting } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'
import { ValueSource } from '../ui/value-source.tsx'
import classes from './person.module.css'

/* What stands on another tab, or on another day, comes when it is asked for. */
const CoursePanel = lazy(async () => ({ default: (await import('../features/board/course-panel.tsx')).CoursePanel }))
const PersonChanges = lazy(async () => ({ default: (await import('../features/pages/changes.tsx')).PersonChanges }))
const AccountsPanel = lazy(async () => ({
  default: (await import('../features/person/accounts-panel.tsx')).AccountsPanel,
}))
const AsOfView = lazy(async () => ({ default: (await import('../features/person/as-of.tsx')).AsOfView }))
const TimelinePanel = lazy(async () => ({
  default: (await import('../features/person/timeline-panel.tsx')).TimelinePanel,
}))
/** A second request, with texts of its own. */
const PersonReach = lazy(async () => {
  await needTexts('register')()
  const { PersonReach } = await import('../features/person/person-reach.tsx')
  return { default: PersonReach }
})

const route = getRouteApi('/app/people/$personId')

export function PersonPage() {
  const { t } = useTexts()
  const { personId } = route.useParams()
  const query = useCall(getPerson, { params: { personId } })
  const navigate = route.useNavigate()
  const mergedInto = query.isError ? problemOf(query.error).params.mergedInto : undefined
  useEffect(() => {
    // An old link: the person is one with another by now.
    if (typeof mergedInto === 'string')
      void navigate({ to: '/people/$personId', params: { personId: mergedInto }, search: old => old, replace: true })
  }, [mergedInto, navigate])
  if (query.data) return <PersonScreen page={query.data} />
  return (
    <Page title={t('nav.peopleList')} waiting crumbs={[{ label: t('people.title'), to: '/people' }]}>
      {query.isError && mergedInto === undefined ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Waiting rows={4} height={110} />
      )}
    </Page>
  )
}

function PersonScreen(props: { page: PersonData }) {
  const { t, instant } = useTexts()
  const { page } = props
  const { person } = page
  const may = useMay()
  const session = useSession()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, ...next }), replace: true, resetScroll: false })
  const tab = search.tab ?? 'rights'
  const primary = page.affiliations.find(one => one.primary) ?? page.affiliations[0]
  const current = page.affiliations.filter(one => one.status !== 'ended')

  return (
    <Page
      title={person.name ?? t('people.protectedPerson')}
      documentTitle={t('person.documentTitle')}
      section={t('people.title')}
      crumbs={[
        ...(may('person.read') ? [{ label: t('people.title'), to: '/people' }] : []),
        ...(primary?.unitPath ?? [])
          .slice(-3)
          .map(unit => ({ label: unit.name, to: '/org/$unitId', params: { unitId: unit.id } })),
      ]}
      badges={
        <>
          <PersonStatus status={person.status} />
          {person.protected && (
            <Status tone="protected" icon={IconShieldLock}>
              {t('person.protectedNote')}
            </Status>
          )}
        </>
      }
      lead={[primary?.title ?? t(`enum.personKind.${person.kind}`), primary?.unit?.name].filter(Boolean).join(' · ')}
      actions={
        <>
          {page.allowed.seeHistory && (
            <AsOfControl
              asOf={search.asOf}
              known={search.known}
              today={page.asOf}
              onChange={({ asOf, known }) => change({ asOf, known })}
            />
          )}
          {may('person.export') && !page.self && !search.asOf && <PersonDataFile personId={person.id} />}
          {may('person.read') && !page.self && (
            <Button
              component={Link}
              to="/people/compare"
              search={{ a: person.id } as never}
              variant="default"
              leftSection={<IconArrowsLeftRight size={18} aria-hidden />}
            >
              {t('pages.compare.action')}
            </Button>
          )}
          {may('emergency-access.use') && !page.self && (
            <Button component={Link} to="/emergency-access" search={{ person: person.id } as never} variant="default">
              {t('emergency.title')}
            </Button>
          )}
          <LockButton person={person} />
          {!page.self && !search.asOf && <HoldHere of={{ kind: 'person', id: person.id, name: person.name }} />}
          <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => window.print()}>
            {t('do.print')}
          </Button>
        </>
      }
    >
      <LockBanner person={person} />
      {person.name === null && <p className="dim">{t('person.maskedNote')}</p>}
      <AsOfBanner
        asOf={search.asOf}
        known={search.known}
        onBack={() => change({ asOf: undefined, known: undefined })}
      />
      {search.asOf ? (
        <Suspense fallback={<Waiting />}>
          <AsOfView personId={person.id} asOf={search.asOf} known={search.known} />
        </Suspense>
      ) : (
        <>
          <AffiliationCards affiliations={current} beside={<PersonFacts page={page} />} />
          <DataFreshness kinds={['person', 'affiliation', 'account']} sources={sourcesOf(page)} />
          <p className={classes.summary}>
            <Summary page={page} />
          </p>
          <Tabs
            value={tab}
            onChange={value => change({ tab: value === 'rights' ? undefined : (value as typeof tab) })}
            keepMounted={false}
          >
            <Tabs.List className="no-print">
              <Tabs.Tab value="rights">{t('person.tabs.rights')}</Tabs.Tab>
              {may('person.read') && <Tabs.Tab value="reach">{t('pages.tabs.reach')}</Tabs.Tab>}
              <Tabs.Tab value="affiliations">
                {t('person.tabs.affiliations')} <span className="dim">{page.affiliations.length}</span>
              </Tabs.Tab>
              <Tabs.Tab value="accounts">
                {t('person.tabs.accounts')} <span className="dim">{page.accounts.length}</span>
              </Tabs.Tab>
              {page.allowed.seeHistory && <Tabs.Tab value="timeline">{t('person.tabs.timeline')}</Tabs.Tab>}
              {page.allowed.seeHistory && <Tabs.Tab value="lifecycle">{t('course.tab')}</Tabs.Tab>}
              {page.allowed.seeHistory && <Tabs.Tab value="changes">{t('pages.tabs.changes')}</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="rights" pt={16}>
              <WithheldRights page={page} />
              <RightsPanel
                page={page}
                chosen={{ show: search.show, right: search.right }}
                onChoose={next => change(next)}
              />
              {may('task.read') && <EquipmentOf personId={person.id} />}
            </Tabs.Panel>
            {may('person.read') && (
              <Tabs.Panel value="reach" pt={16}>
                <Suspense fallback={<Waiting />}>
                  <PersonReach personId={person.id} />
                </Suspense>
              </Tabs.Panel>
            )}
            <Tabs.Panel value="affiliations" pt={16}>
              <AffiliationCards affiliations={page.affiliations} full self={page.self} />
            </Tabs.Panel>
            <Tabs.Panel value="accounts" pt={16}>
              <Suspense fallback={<Waiting />}>
                <AccountsPanel accounts={page.accounts} self={page.self} />
              </Suspense>
            </Tabs.Panel>
            {page.allowed.seeHistory && (
              <Tabs.Panel value="timeline" pt={16}>
                <Suspense fallback={<Waiting />}>
                  <TimelinePanel personId={person.id} />
                </Suspense>
              </Tabs.Panel>
            )}
            {page.allowed.seeHistory && (
              <Tabs.Panel value="lifecycle" pt={16}>
                <Suspense fallback={<Waiting />}>
                  <CoursePanel personId={person.id} />
                </Suspense>
              </Tabs.Panel>
            )}
            {page.allowed.seeHistory && (
              <Tabs.Panel value="changes" pt={16}>
                <Suspense fallback={<Waiting />}>
                  <PersonChanges
                    personId={person.id}
                    search={search}
                    today={page.asOf}
                    onChange={next => change(next)}
                  />
                </Suspense>
              </Tabs.Panel>
            )}
          </Tabs>
        </>
      )}
      <p className="print-only meta">
        {t('person.printed', { when: instant(new Date().toISOString()), who: session.actor?.displayName ?? '' })}
      </p>
    </Page>
  )
}

/** The sources that have said something about this person. */
function sourcesOf(page: PersonData): string[] {
  return [
    ...new Set([
      ...Object.values(page.person.origins).map(origin => origin.source),
      ...page.affiliations.flatMap(one => one.origin?.source ?? []),
      ...page.accounts.map(one => one.source),
    ]),
  ]
}

function PersonFacts(props: { page: PersonData }) {
  const { t, ago } = useTexts()
  const { person, allowed, affiliations } = props.page
  const numbers = affiliations.filter(one => one.status !== 'ended' && one.employeeNo).map(one => one.employeeNo)
  const origin = person.origins.familyName ?? Object.values(person.origins)[0]
  const from = (attribute: string, label: string) => {
    const said = person.origins[attribute]
    return (
      said && (
        <ValueSource
          label={label}
          said={{ source: said.source, name: said.sourceName, since: null, read: said.seenAt, author: null }}
        />
      )
    )
  }
  const facts = [
    ...(numbers.length > 0 ? [{ label: t('person.facts.employeeNo'), value: numbers.join(', ') }] : []),
    ...(person.email
      ? [
          {
            label: t('person.facts.email'),
            value: (
              <>
                <Email address={person.email} /> {from('email', t('person.facts.email'))}
              </>
            ),
          },
        ]
      : []),
    ...(person.phone
      ? [
          {
            label: t('person.facts.phone'),
            value: (
              <>
                {person.phone} {from('phone', t('person.facts.phone'))}
              </>
            ),
          },
        ]
      : []),
    ...(person.cprMasked
      ? [
          {
            label: t('person.facts.cpr'),
            value: <CprNumber personId={person.id} masked={person.cprMasked} may={allowed.revealCpr} />,
          },
        ]
      : []),
    ...(origin
      ? [
          {
            label: t('person.facts.source'),
            value: (
              <>
                {origin.sourceName} {from('familyName', t('field.name'))}
              </>
            ),
            note: origin.seenAt ? t('person.readAt', { when: ago(origin.seenAt) }) : undefined,
          },
        ]
      : []),
  ]
  return facts.length > 0 ? <Facts columns facts={facts} /> : null
}
