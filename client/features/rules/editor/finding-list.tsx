import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RuleFinding } from '#contract/rule-looks.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Status } from '../../../ui/status.tsx'
import classes from './editor.module.css'

/** What is worth a look in one rule or role: what, what it means, and the rules it is about. */
export function FindingList(props: { findings: readonly RuleFinding[] }) {
  const { t } = useTexts()
  return (
    <ul className={classes.plain}>
      {props.findings.map(one => (
        <li key={`${one.code}${one.key}`}>
          <Status tone="wait" icon={IconAlertTriangle}>
            {t(`ruleDesk.finding.${one.code}`)}
          </Status>{' '}
          {t(`ruleDesk.findingHelp.${one.code}`)} <Others finding={one} />
        </li>
      ))}
    </ul>
  )
}

export function Others(props: { finding: RuleFinding }) {
  const { finding } = props
  return (
    <>
      {finding.others.map((other, at) => (
        <span key={other.key}>
          {at > 0 && ', '}
          {finding.code === 'gives-gone' ? (
            other.name
          ) : (
            <Link to="/rules/$key" params={{ key: other.key }} className="link">
              {other.name}
            </Link>
          )}
        </span>
      ))}
    </>
  )
}
