import type { RuleDifference } from '#contract/rule-looks.ts'
import { constraintText, fieldText } from '../../../texts/field-text.ts'
import { type Texts, useTexts } from '../../../texts/i18n.ts'
import { Conditions } from '../conditions.tsx'
import classes from './editor.module.css'

type Field = RuleDifference['fields'][number]

/** What became another in a rule or role, a line a part. */
export function DifferenceWords(props: { difference: RuleDifference; heading?: boolean }) {
  const texts = useTexts()
  const { t } = texts
  const { difference } = props
  return (
    <div>
      {props.heading && (
        <p>
          <b>{t(`ruleDesk.change.${difference.change}`, { name: difference.name })}</b>{' '}
          <span className="meta">{t(`ruleDesk.changeKind.${difference.kind}`)}</span>
        </p>
      )}
      {difference.change !== 'removed' && difference.fields.length > 0 && (
        <ul className={classes.plain}>
          {difference.fields.map(field => (
            <li key={field.field}>
              <span className="dim">{t(`ruleDesk.field.${field.field}`)}:</span>{' '}
              <FieldWords field={field} isNew={difference.change === 'added'} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function FieldWords(props: { field: Field; isNew: boolean }) {
  const texts = useTexts()
  const { t } = texts
  const { field, isNew } = props
  if (field.conditions)
    return (
      <div className={classes.two}>
        {field.conditions.before && !isNew && (
          <div>
            <span className="meta">{t('ruleDesk.conditionsBefore')}</span>
            <div>
              <Conditions condition={field.conditions.before} />
            </div>
          </div>
        )}
        {field.conditions.after && (
          <div>
            {!isNew && <span className="meta">{t('ruleDesk.conditionsAfter')}</span>}
            <div>
              <Conditions condition={field.conditions.after} />
            </div>
          </div>
        )}
      </div>
    )
  if (field.added.length + field.removed.length > 0)
    return (
      <>
        {field.added.length > 0 && (
          <span>
            {!isNew && <span className="meta">{t('ruleDesk.addedList')} </span>}
            {field.added.map(one => one.name).join(', ')}
          </span>
        )}
        {field.removed.length > 0 && (
          <span>
            {' '}
            <span className="meta">{t('ruleDesk.removedList')} </span>
            <s>{field.removed.map(one => one.name).join(', ')}</s>
          </span>
        )}
      </>
    )
  const [before, after] = [said(texts, field, field.before), said(texts, field, field.after)]
  return <>{isNew ? after : t('ruleDesk.fromTo', { before, after })}</>
}

/** One value in words: dates as dates, states and limits by their names. */
function said({ t, date }: Texts, { field }: Field, value: string | null): string {
  if (value === null) return field === 'validTo' ? t('rules.always') : t('ruleDesk.nothingSet')
  if (field === 'validFrom' || field === 'validTo') return date(value)
  if (field === 'state') return t(value === 'draft' ? 'ruleDesk.stateDraft' : 'ruleDesk.stateActive')
  if (field === 'inverted') return t(value === 'true' ? 'op.isTrue' : 'op.isFalse')
  if (field !== 'limits') return value
  return value
    .split('\n')
    .map(line => {
      const [where = '', how = ''] = line.split(': ')
      const [right = '', on = ''] = where.split(' ')
      const [kind = '', ...values] = how.split(' ')
      const name = right === '*' ? t('ruleDesk.allRights') : right
      return `${name}, ${fieldText(t, on)}: ${[constraintText(t, kind), ...values].join(' ')}`
    })
    .join('; ')
}
