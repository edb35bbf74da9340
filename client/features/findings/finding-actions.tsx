import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { SettleAction } from '#contract/findings.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Finding } from './finding-words.ts'
import classes from './findings.module.css'

/** Kinds that end when somebody says whose an account is. */
const ON_THE_DESK: ReadonlySet<Finding['code']> = new Set(['unlinked', 'orphan'])

/** What the reader can do about a finding; of what only others may, who they are. */
export function Actions(props: { finding: Finding; onAct: (action: SettleAction) => void; onAssign: () => void }) {
  const { t } = useTexts()
  const may = useMay()
  const { finding } = props
  if (finding.allowed.length === 0)
    return finding.state === 'closed' ? null : <p className="dim">{t('findings.mayNot')}</p>
  const open = finding.state === 'open'
  const account = finding.account?.id ?? finding.paths[0]?.accountId
  const actions = finding.allowed.filter(action => action === 'end' || (action === 'reopen') === !open)
  const whose = ON_THE_DESK.has(finding.code)
  const wrong = account !== undefined && finding.person !== null
  const others =
    finding.ruleFrom && !may('rule.change') ? 'rule' : (whose || wrong) && !may('link.read') ? 'account' : null
  return (
    <>
      <section aria-label={t('findings.actions')} className={`${classes.actions} no-print`}>
        {finding.ruleFrom && open && may('rule.change') && <RuleButton from={finding.ruleFrom} />}
        {whose && account && may('link.read') && (
          <Button
            component={Link}
            to={'/desk' as never}
            search={{ case: account, all: true } as never}
            color="petrol"
            size="sm"
          >
            {t('findings.action.whose')}
          </Button>
        )}
        {actions.map(action => (
          <Button key={action} variant="default" size="sm" onClick={() => props.onAct(action)}>
            {t(`findings.action.${action}`)}
          </Button>
        ))}
        {open && (
          <Button variant="default" size="sm" onClick={props.onAssign}>
            {t('findings.assign.do')}
          </Button>
        )}
        {!whose && wrong && may('link.read') && (
          <Link to="/desk" search={{ case: account, all: true }} className="link">
            {t('findings.action.wrongPerson')}
          </Link>
        )}
      </section>
      {open && others && <p className="dim">{t(`findings.others.${others}`)}</p>}
    </>
  )
}

/** To the form of a new rule, filled in from what the rule is to explain. */
export function RuleButton(props: { from: NonNullable<Finding['ruleFrom']> }) {
  const { t } = useTexts()
  const search = Object.fromEntries(Object.entries(props.from).filter(([, value]) => value !== null))
  return (
    <Button component={Link} to={'/rules/new' as never} search={search as never} color="petrol" size="sm">
      {t('findings.action.rule')}
    </Button>
  )
}
