import type { ReadableCondition } from '#contract/rules.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ConditionText } from '../../ui/fact-line.tsx'
import classes from './conditions.module.css'

/** Conditions as indented sentences, for people who never saw the rule's file. */
export function Conditions(props: { condition: ReadableCondition }) {
  const { t } = useTexts()
  const { condition } = props
  if ('field' in condition) return <ConditionText condition={condition} />
  if (condition.parts.length === 0) return <>{t('rule.everybody')}</>
  return (
    <>
      <span className={classes.join}>{t(`rule.${condition.join}`)}:</span>
      <ul className={classes.parts}>
        {condition.parts.map(part => (
          <li key={JSON.stringify(part)}>
            <Conditions condition={part} />
          </li>
        ))}
      </ul>
    </>
  )
}
