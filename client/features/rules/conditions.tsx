import type { ReadableCondition } from '#contract/rules.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ConditionText } from '../../ui/fact-line.tsx'
import classes from './conditions.module.css'

/** Conditions as indented sentences, for people who never saw the rule's file. */
export function Conditions(props: { condition: ReadableCondition }) {
  const { t } = useTexts()
  const { condition } = props
  if ('field' in condition) return <ConditionText condition={condition} />
  const parts = flattened(condition)
  if (parts.length === 0) return <>{t('rule.everybody')}</>
  return (
    <>
      <span className={classes.join}>{t(`rule.${condition.join}`)}:</span>
      <ul className={classes.parts}>
        {parts.map(part => (
          <li key={JSON.stringify(part)}>
            <Conditions condition={part} />
          </li>
        ))}
      </ul>
    </>
  )
}

type Group = Extract<ReadableCondition, { join: unknown }>

/** "All of these" inside "all of these" says nothing more than one list does; the same goes for "any". */
function flattened({ join, parts }: Group): ReadableCondition[] {
  if (join === 'none') return parts
  return parts.flatMap(part => ('join' in part && part.join === join ? flattened(part) : [part]))
}
