import { Link } from '@tanstack/react-router'
import { whyNot } from '#contract/people.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { FactLine } from '../../ui/fact-line.tsx'
import { Answer, Waiting } from '../../ui/states.tsx'
import chain from './chain.module.css'
import classes from './inspector.module.css'

/** Every rule that could give the right, condition by condition: met or not, and what the fact is here. */
export function WhyNot(props: { personId: string; entitlement: string }) {
  const { t } = useTexts()
  const query = useCall(whyNot, {
    params: { personId: props.personId },
    query: { entitlement: props.entitlement },
  })
  return (
    <Answer query={query} waiting={<Waiting rows={2} />}>
      {answer => (
        <section className={classes.whyNot}>
          <h3>{t('why.whyNotTitle')}</h3>
          {answer.grants.map(grant => (
            <div key={grant.id} className={classes.rule}>
              {t('why.grantsTitle')}: {t(`why.grant.${grant.kind}`)}
              <p className="dim">{t(`why.grantNoEffect.${effectOf(grant.noEffect)}`)}</p>
            </div>
          ))}
          {answer.rules.length === 0 && <p className="dim">{t('why.whyNotNone')}</p>}
          {answer.rules.map(rule => (
            <div key={rule.ruleKey} className={classes.rule}>
              <Link to="/rules/$key" params={{ key: rule.ruleKey }} className="link">
                {rule.ruleName}
              </Link>
              {rule.inverted && <p className="dim">{t('why.whyNotInverted', { reason: rule.reason ?? '' })}</p>}
              <ul className={chain.facts}>
                {rule.conditions.map(condition => (
                  <FactLine
                    key={`${condition.field}${condition.op}${condition.wanted}`}
                    met={condition.met}
                    condition={{ ...condition, values: [condition.wanted] }}
                  />
                ))}
              </ul>
            </div>
          ))}
        </section>
      )}
    </Answer>
  )
}

/** `prohibited:<rule>` names the rule, which stands among the rules below. */
const EFFECTS = ['prohibited', 'limits', 'not-active', 'retired', 'no-purpose'] as const
function effectOf(noEffect: string | null): (typeof EFFECTS)[number] | 'none' {
  const [code] = (noEffect ?? 'none').split(':')
  return EFFECTS.find(one => one === code) ?? 'none'
}
