import { IconArrowBackUp, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { PlanItemRow } from '#contract/feeds.ts'
import { fieldText, valueText } from '../texts/field-text.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Translate } from '../texts/translate.ts'
import classes from './plan-row.module.css'

export const opLook = {
  add: { tone: 'ok', icon: IconPlus },
  change: { tone: 'info', icon: IconPencil },
  gone: { tone: 'bad', icon: IconMinus },
  return: { tone: 'ok', icon: IconArrowBackUp },
} as const

/** What a row is about, with a way to it. */
export function ItemName(props: { row: PlanItemRow }) {
  const { t } = useTexts()
  const { row } = props
  const label = itemLabel(t, row)
  if (row.subjectId && row.kind === 'person')
    return (
      <Link to="/people/$personId" params={{ personId: row.subjectId }} className="link">
        {label}
      </Link>
    )
  if (row.subjectId && row.kind === 'unit')
    return (
      <Link to="/org/$unitId" params={{ unitId: row.subjectId }} className="link">
        {label}
      </Link>
    )
  if (row.subjectId && row.kind === 'system')
    return (
      <Link to="/systems/$systemId" params={{ systemId: row.subjectId }} className="link">
        {label}
      </Link>
    )
  return <span style={{ fontWeight: 550 }}>{label}</span>
}

/** A new record shows its first facts, a change what was and what is; the rest folds. */
export function Diff(props: { row: PlanItemRow }) {
  const { t } = useTexts()
  const { changes, op } = props.row
  const lines = changes.map(change => (
    <li key={change.attribute}>
      <span className="dim">{fieldText(t, change.attribute)}:</span>{' '}
      {change.before !== null && <del className={classes.before}>{valueText(t, change.attribute, change.before)}</del>}{' '}
      {change.after !== null && (
        <ins className={op === 'change' ? classes.after : classes.plain}>
          {valueText(t, change.attribute, change.after)}
        </ins>
      )}
    </li>
  ))
  if (lines.length <= 4) return <ul className={classes.diff}>{lines}</ul>
  return (
    <>
      <ul className={classes.diff}>{lines.slice(0, 3)}</ul>
      <details className={classes.more}>
        <summary>{t('do.showAll')}</summary>
        <ul className={classes.diff}>{lines.slice(3)}</ul>
      </details>
    </>
  )
}

/** Only a person's name can be protected; a record without a name of its own goes by its key. */
export const itemLabel = (t: Translate, row: PlanItemRow): string =>
  row.label ?? (row.kind === 'person' ? t('sync.protectedRow') : row.key)
