import { IconChevronRight } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { getMe } from '#contract/people.ts'
import { AccountsPanel } from '../features/person/accounts-panel.tsx'
import { AffiliationCards } from '../features/person/affiliation-cards.tsx'
import { MyEquipment } from '../features/person/equipment-card.tsx'
import { Inspector } from '../features/person/inspector.tsx'
import { filterRights, type PersonData, type Right, type SystemRights } from '../features/person/person.ts'
import { RightState } from '../features/person/right-state.tsx'
import { Summary } from '../features/person/summary.tsx'
import { MyReports } from '../features/person/wrong-here.tsx'
import { isProblem } from '../lib/call.ts'
import { lastDay } from '../lib/formats.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { MyDataFile } from '../ui/data-files.tsx'
import { FilterRow, Toggle } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Sensitivity } from '../ui/sensitivity.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import classes from './me.module.css'
import personClasses from './person.module.css'

const route = getRouteApi('/app/me')

/** My rights in plain words; the whole explanation is one click below each sentence. */
export function MePage() {
  const { t } = useTexts()
  const query = useCall(getMe)
  const nobody = query.isError && isProblem(query.error) && query.error.problem.code === 'not-found'
  return (
    <Page title={t('person.mePageTitle')} lead={t('person.meLead')} actions={query.data && <MyDataFile />}>
      {nobody ? (
        <Card>
          <Empty title={t('person.noPerson')} help={t('person.noPersonHelp')} />
        </Card>
      ) : (
        <Answer query={query}>{page => <MyRights page={page} />}</Answer>
      )}
    </Page>
  )
}

function MyRights(props: { page: PersonData }) {
  const { t } = useTexts()
  const { page } = props
  const { show } = route.useSearch()
  const navigate = route.useNavigate()
  const systems = filterRights(page.systems, show, '')
  return (
    <>
      <AffiliationCards affiliations={page.affiliations.filter(one => one.status !== 'ended')} self />
      <MyReports />
      <MyEquipment />
      <div>
        <p className={personClasses.summary}>
          <Summary page={page} />
        </p>
        <p className="dim">{t('person.meMissing')}</p>
      </div>
      <FilterRow>
        {(['diff', 'protected'] as const).map(one => (
          <Toggle
            key={one}
            on={show === one}
            onChange={on => void navigate({ search: on ? { show: one } : {}, replace: true, resetScroll: false })}
          >
            {t(one === 'diff' ? 'person.filterDiff' : 'person.filterProtected')}
          </Toggle>
        ))}
      </FilterRow>
      {systems.map(system => (
        <Card key={system.system.id} title={system.system.name} flush>
          <ul className={classes.rights}>
            {system.rights.map(right => (
              <li key={right.key}>
                <details>
                  <summary className={classes.summary}>
                    <IconChevronRight size={16} aria-hidden />
                    <span className={classes.sentence}>
                      <Sentence page={page} system={system} right={right} />
                    </span>
                    <span className={classes.marks}>
                      <Sensitivity sensitivity={right.sensitivity} />
                      <RightState state={right.state} plain />
                    </span>
                  </summary>
                  <Inspector page={page} system={system} right={right} inline id={`why-${right.entitlementId}`} />
                </details>
              </li>
            ))}
          </ul>
        </Card>
      ))}
      {systems.length === 0 && (
        <Card>
          {show ? (
            <Empty good title={t('person.noDiff')} help={t('person.noDiffHelp')} />
          ) : (
            <Empty title={t('person.emptyRights')} help={t('person.emptyRightsHelp')} />
          )}
        </Card>
      )}
      <section>
        <h2 className={classes.heading}>{t('person.tabs.accounts')}</h2>
        <AccountsPanel accounts={page.accounts} self />
      </section>
    </>
  )
}

/** "Du har Sagsbehandler i Nexus, fordi du er socialrådgiver i Familieafdelingen. Ingen slutdato." */
function Sentence(props: { page: PersonData; system: SystemRights; right: Right }) {
  const { t, date } = useTexts()
  const { right, page } = props
  const values = { right: right.name, system: props.system.system.name }
  const because = right.because[0]
  const end = right.until ? `${t('why.end')}: ${date(lastDay(right.until))}.` : ''
  if (!because) return <>{t('person.meUnexplained', values)}</>
  if (right.suspended) return <>{t(`person.meResting.${right.suspended}`, values)}</>
  if (right.state === 'missing') return <>{t('person.meMissingRight', values)}</>
  const affiliation = page.affiliations.find(one => one.id === because.affiliationId)
  const reason =
    affiliation?.title && affiliation.unit
      ? t('person.meBecausePosition', { title: affiliation.title, unit: affiliation.unit.name })
      : t('person.meBecauseRule', {
          rule: because.grant ? t(`why.grant.${because.grant.kind}`) : because.ruleName,
        })
  return (
    <>
      {t(right.state === 'matching' ? 'person.meSentence' : 'person.meSentenceExpected', {
        ...values,
        because: reason,
      })}{' '}
      {end}
    </>
  )
}
