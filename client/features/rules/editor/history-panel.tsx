import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getRuleHistory } from '#contract/rule-looks.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { Conditions } from '../conditions.tsx'
import { useWho } from '../held-change.tsx'
import { RuleState } from '../rule-state.tsx'
import { Validity } from '../validity.tsx'
import { DifferenceWords } from './difference-words.tsx'
import classes from './editor.module.css'

type History = ResponseOf<typeof getRuleHistory>

/** Each version: who, when, why, and in words what it made different. */
export function HistoryPanel(props: { history: History }) {
  const { t, instant } = useTexts()
  const who = useWho()
  const { versions } = props.history
  return (
    <Card title={t('ruleDesk.history')}>
      <ul className={classes.versions}>
        {versions.map(one => (
          <li key={one.version}>
            <p>
              {t('rule.versionLine', { version: one.version, when: instant(one.at) })}{' '}
              {one.by && t('rule.by', { who: who(one.by) })}
            </p>
            <p className="meta">{one.reason ?? t('ruleDesk.noReason')}</p>
            {one.difference === null ? (
              <p className="meta">{t('ruleDesk.first')}</p>
            ) : one.difference.fields.length === 0 ? (
              <p className="meta">{t('ruleDesk.sameWords')}</p>
            ) : (
              <DifferenceWords difference={one.difference} />
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** The exceptions from a rule with their reasons and ends. */
export function ExceptionList(props: { history: History }) {
  const { t } = useTexts()
  const { exceptions } = props.history
  if (exceptions.length === 0) return null
  return (
    <Card title={t('ruleDesk.exceptions')}>
      <ul className={classes.versions}>
        {exceptions.map(one => (
          <li key={one.key}>
            <p>
              {one.reason} <RuleState state={one.state} plain />{' '}
              <span className="meta">
                <Validity from={one.validFrom} to={one.validTo} />
              </span>{' '}
              <Link to="/rules/$key" params={{ key: one.key }} className="link">
                {one.key}
              </Link>
            </p>
            <Conditions condition={one.conditions} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
