import { Button } from '@mantine/core'
import { IconBan, IconCopy, IconPencil, IconUsers } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getRuleHistory } from '#contract/rule-looks.ts'
import { getRule } from '#contract/rules.ts'
import { Conditions } from '../features/rules/conditions.tsx'
import { FindingList } from '../features/rules/editor/finding-list.tsx'
import { ExceptionList, HistoryPanel } from '../features/rules/editor/history-panel.tsx'
import { ReachTree } from '../features/rules/editor/reach-tree.tsx'
import { RetireRule } from '../features/rules/editor/retire-rule.tsx'
import { RuleState } from '../features/rules/rule-state.tsx'
import { Validity } from '../features/rules/validity.tsx'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { constraintText, fieldText } from '../texts/field-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { BindingsHere } from '../ui/bindings-here.tsx'
import { Card, Facts } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'
import { Yaml } from '../ui/yaml.tsx'
import classes from './rule.module.css'

const route = getRouteApi('/app/rules/$key')
type Rule = ResponseOf<typeof getRule>
const limit = 50

export function RulePage() {
  const { t } = useTexts()
  const { key } = route.useParams()
  const { offset = 0 } = route.useSearch()
  const query = useCall(getRule, { params: { key }, query: { offset, limit } }, { keep: true })
  if (query.data) return <RuleScreen rule={query.data} offset={offset} />
  return (
    <Page title={t('rules.title')} waiting crumbs={[{ label: t('rules.title'), to: '/rules' }]}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

function RuleScreen(props: { rule: Rule; offset: number }) {
  const { t } = useTexts()
  const { rule } = props
  const may = useMay()
  const [ending, setEnding] = useState(false)
  const history = useCall(getRuleHistory, { params: { kind: 'rule', key: rule.key } })
  const { excepts, ownerPerson, findings = [] } = history.data ?? {}
  // `unit: own-unit-and-below`: what is limited, and how.
  const limitText = (text: string) => {
    const [on = '', how = ''] = text.split(': ')
    return how ? `${fieldText(t, on)}: ${constraintText(t, how)}` : text
  }
  return (
    <Page
      title={rule.name}
      section={t('rules.title')}
      crumbs={[{ label: t('rules.title'), to: '/rules' }]}
      badges={
        <>
          <RuleState state={rule.state} />
          {rule.inverted && (
            <Status tone="bad" icon={IconBan}>
              {t('rules.prohibition')}
            </Status>
          )}
        </>
      }
      actions={
        may('rule.change') && (
          <>
            {!rule.inverted && (
              <Button
                component={Link}
                to="/rules/new"
                search={{ like: rule.key } as never}
                variant="default"
                leftSection={<IconCopy size={18} aria-hidden />}
              >
                {t('ruleDesk.copy')}
              </Button>
            )}
            {(rule.state === 'active' || rule.state === 'future') && !excepts && (
              <Button variant="default" onClick={() => setEnding(true)}>
                {t('ruleDesk.retire')}
              </Button>
            )}
            <Button
              component={Link}
              to="/rules/$key/edit"
              params={{ key: excepts?.key ?? rule.key } as never}
              leftSection={<IconPencil size={18} aria-hidden />}
            >
              {t('ruleDesk.edit')}
            </Button>
          </>
        )
      }
    >
      {ending && <RetireRule ruleKey={rule.key} onDone={() => setEnding(false)} onClose={() => setEnding(false)} />}
      {findings.length > 0 && (
        <Card tone="wait" title={t('ruleDesk.findings')}>
          <FindingList findings={findings} />
        </Card>
      )}
      <Card>
        <Facts
          facts={[
            { label: t('rule.purpose'), value: rule.purpose ?? t('rule.noPurpose') },
            { label: t('rule.owner'), value: rule.owner ?? t('rule.noOwner') },
            ...(ownerPerson ? [{ label: t('ruleDesk.ownerPerson'), value: <PersonLink person={ownerPerson} /> }] : []),
            ...(excepts
              ? [
                  {
                    label: t('ruleDesk.excepts'),
                    value: (
                      <Link to="/rules/$key" params={{ key: excepts.key }} className="link">
                        {excepts.name}
                      </Link>
                    ),
                  },
                ]
              : []),
            { label: t('rule.valid'), value: <Validity from={rule.validFrom} to={rule.validTo} /> },
            { label: t('rule.version'), value: rule.version },
            { label: t('rule.key'), value: rule.key },
            ...(rule.inverted && rule.reason ? [{ label: t('rule.reason'), value: rule.reason }] : []),
          ]}
        />
      </Card>
      <BindingsHere asked={{ rule: rule.key }} object={{ level: 'rule', ruleKey: rule.key }} what={rule.name} />
      <div className={classes.columns}>
        <Card title={t('rule.conditions')}>
          <div className={classes.conditions}>
            <Conditions condition={rule.conditions} />
          </div>
        </Card>
        <Card title={t(rule.inverted ? 'rule.forbids' : 'rule.gives')}>
          <ul className={classes.grants}>
            {rule.grants.map(grant => (
              <li key={`${grant.via}${grant.key}`}>
                {grant.via === 'role' ? (
                  <Link to="/roles/$key" params={{ key: grant.key }} className="link">
                    {grant.name}
                  </Link>
                ) : (
                  <span>{grant.name}</span>
                )}
                <span className="meta">{t(grant.via === 'role' ? 'rule.viaRole' : 'rule.viaEntitlement')}</span>
              </li>
            ))}
          </ul>
          {rule.constraints.length > 0 && (
            <>
              <h3 className={classes.sub}>{t('rule.constraints')}</h3>
              <ul className={classes.grants}>
                {rule.constraints.map(constraint => (
                  <li key={`${constraint.entitlement}${constraint.text}`}>
                    <span>{constraint.entitlement === '*' ? t('rule.allRights') : constraint.entitlement}</span>
                    <span className="meta">{limitText(constraint.text)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Card>
      </div>
      {history.data && <ExceptionList history={history.data} />}
      <Caught {...props} />
      {rule.state === 'active' && <ReachTree ruleKey={rule.key} />}
      {history.data && <HistoryPanel history={history.data} />}
      <Yaml label={t('rule.yaml')} text={rule.yaml} />
    </Page>
  )
}

function Caught(props: { rule: Rule; offset: number }) {
  const { t, number } = useTexts()
  const navigate = route.useNavigate()
  const may = useMay()
  const { rule } = props
  const columns: Column<Rule['caughtPeople'][number]>[] = [
    { key: 'person', label: t('rule.person'), cell: row => <PersonLink person={row.person} /> },
    { key: 'title', label: t('rule.title'), cell: row => row.title },
    {
      key: 'unit',
      label: t('rule.unit'),
      rank: 3,
      cell: row =>
        row.unit && (
          <Link to="/org/$unitId" params={{ unitId: row.unit.id }} className="link">
            {row.unit.name}
          </Link>
        ),
    },
  ]
  return (
    <section className="stack">
      <div className={classes.caught}>
        <h2 className="section">
          {t('rule.caught')} <span className="dim">{number(rule.caught)}</span>
        </h2>
        {rule.caught > 0 && may('person.read') && (
          <Button
            component={Link}
            to="/people"
            search={{ rule: rule.key } as never}
            variant="default"
            size="xs"
            leftSection={<IconUsers size={16} aria-hidden />}
          >
            {t('rule.showPeople')}
          </Button>
        )}
      </div>
      <DataTable
        caption={t('rule.caughtCaption')}
        columns={columns}
        rows={rule.caughtPeople}
        rowKey={row => row.affiliationId}
        empty={<Empty title={t('rule.caughtNobody')} help={t('rule.caughtNobodyHelp')} />}
      />
      <Pager
        offset={props.offset}
        limit={limit}
        total={rule.caught}
        onMove={next => void navigate({ search: { offset: next || undefined }, resetScroll: false })}
      />
    </section>
  )
}
