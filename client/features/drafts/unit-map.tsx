import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { UnitMapRow } from '#contract/what-if-draft.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import classes from './unit-map.module.css'

const ROW = 48
const WIDTH = 72

/**
 * Old units on the left, new ones on the right, lines between. With `onChange` each unit is a button: an old one is
 * chosen, then a new one, and the line between them comes or goes. The same as a table stands below it.
 */
export function UnitMap(props: {
  rows: readonly UnitMapRow[]
  /** Units that stand in a column without a line yet. */
  old?: readonly string[]
  next?: readonly string[]
  nameOf: (key: string) => string
  onChange?: (rows: UnitMapRow[]) => void
}) {
  const { t } = useTexts()
  const { rows, nameOf, onChange } = props
  const [chosen, setChosen] = useState<string | null>(null)
  const left = [...new Set([...rows.map(row => row.from), ...(props.old ?? [])])]
  const right = [...new Set([...rows.map(row => row.to), ...(props.next ?? [])])]
  const draw = (to: string) => {
    if (!onChange || chosen === null) return
    const there = rows.some(row => row.from === chosen && row.to === to)
    announce(t(there ? 'drafts.map.undrawn' : 'drafts.map.drawn', { from: nameOf(chosen), to: nameOf(to) }))
    onChange(there ? rows.filter(row => !(row.from === chosen && row.to === to)) : [...rows, { from: chosen, to }])
    setChosen(null)
  }
  const choose = (from: string) => {
    setChosen(chosen === from ? null : from)
    if (chosen !== from) announce(t('drafts.map.chosen', { name: nameOf(from) }))
  }
  const y = (place: number) => place * ROW + ROW / 2
  return (
    <div className="stack">
      <div className={classes.heads}>
        <span>{t('drafts.map.old')}</span>
        <span />
        <span>{t('drafts.map.new')}</span>
      </div>
      <div className={classes.map}>
        <ul className={classes.column} aria-label={t('drafts.map.old')}>
          {left.map(key => (
            <li key={key}>
              {onChange ? (
                <UnstyledButton className={classes.unit} aria-pressed={chosen === key} onClick={() => choose(key)}>
                  {nameOf(key)}
                </UnstyledButton>
              ) : (
                <div className={classes.unit}>{nameOf(key)}</div>
              )}
            </li>
          ))}
        </ul>
        <svg className={classes.lines} height={Math.max(left.length, right.length, 1) * ROW} aria-hidden>
          {rows.map(row => {
            const [from, to] = [y(left.indexOf(row.from)), y(right.indexOf(row.to))]
            return (
              <path
                key={`${row.from} ${row.to}`}
                d={`M0 ${from} C${WIDTH / 2} ${from} ${WIDTH / 2} ${to} ${WIDTH} ${to}`}
              />
            )
          })}
        </svg>
        <ul className={classes.column} aria-label={t('drafts.map.new')}>
          {right.map(key => (
            <li key={key}>
              {onChange ? (
                <UnstyledButton className={classes.unit} onClick={() => draw(key)} disabled={chosen === null}>
                  {nameOf(key)}
                </UnstyledButton>
              ) : (
                <div className={classes.unit}>{nameOf(key)}</div>
              )}
            </li>
          ))}
        </ul>
      </div>
      {rows.length > 0 && (
        <details>
          <summary>{t('drafts.map.table')}</summary>
          <table>
            <caption className="meta">{t('drafts.map.tableCaption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('drafts.field.from')}</th>
                <th scope="col">{t('drafts.field.to')}</th>
                {onChange && <td />}
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <tr key={`${row.from} ${row.to}`}>
                  <td>{nameOf(row.from)}</td>
                  <td>{nameOf(row.to)}</td>
                  {onChange && (
                    <td>
                      <UnstyledButton
                        className="link"
                        aria-label={t('drafts.map.removeLine', { from: nameOf(row.from), to: nameOf(row.to) })}
                        onClick={() => onChange(rows.filter(one => one !== row))}
                      >
                        {t('drafts.remove')}
                      </UnstyledButton>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </div>
  )
}
