import { VisuallyHidden } from '@mantine/core'
import { IconAlertCircle, IconShieldLock } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './reach.module.css'
import { CLASS_ORDER, isGuarded, type ReachData, useTermNames } from './reach-words.ts'

type Count = { people: number; constrained: number; unexplained: number }

/**
 * Data by whom they are about. In each cell how many can reach it at most, for a purpose that names it, and without any
 * purpose; each cell leads to its answer. Arrows move between the cells.
 */
export function ReachMatrix(props: {
  reach: ReachData
  asked: { data: string[]; subjects: string[] }
  onAsk: (data: string, subject: string | undefined) => void
}) {
  const { t, number } = useTexts()
  const { reach } = props
  const names = useTermNames(reach)
  const [spot, setSpot] = useState<string | null>(null)
  const cells = new Map(reach.cells.map(cell => [`${cell.data} ${cell.subject}`, cell]))
  const totals = new Map(reach.rows.map(row => [row.data, row]))
  const order = (group: string | null) => CLASS_ORDER.indexOf(group as 'special')
  const rows = reach.data
    .filter(one => totals.has(one.code))
    .sort(
      (a, b) =>
        order(a.class) - order(b.class) || (totals.get(b.code)?.people ?? 0) - (totals.get(a.code)?.people ?? 0),
    )
  const reachedSubjects = new Set(reach.cells.map(cell => cell.subject))
  const columns = reach.subjects.filter(one => reachedSubjects.has(one.code))
  const most = Math.max(1, ...reach.rows.map(row => row.people))
  const isAsked = (data: string, subject?: string) =>
    props.asked.data.includes(data) && (subject === undefined || props.asked.subjects.includes(subject))
  const counted = rows.flatMap(row => [
    spotOf(row.code),
    ...columns.filter(one => cells.has(`${row.code} ${one.code}`)).map(one => spotOf(row.code, one.code)),
  ])
  // Tab comes to one cell, and goes on behind them all: hundreds of stops are no way through a page.
  const asked = spotOf(props.asked.data[0] ?? '', props.asked.subjects[0])
  const stop = [spot, asked].find(one => one !== null && counted.includes(one)) ?? counted[0]
  if (rows.length === 0) return <Empty title={t('reach.empty')} help={t('reach.emptyHelp')} />
  const cell = (data: string, subject: string | undefined, count: Count | undefined) => {
    const values = { data: names.data(data), subject: subject ? names.subject(subject) : t('reach.anybody') }
    if (!count) return <td key={subject ?? '*'} />
    return (
      <td key={subject ?? '*'} className={classes.cell} data-shade={Math.ceil((count.people / most) * 5)}>
        <button
          type="button"
          data-cell
          tabIndex={spotOf(data, subject) === stop ? 0 : -1}
          onFocus={() => setSpot(spotOf(data, subject))}
          aria-pressed={isAsked(data, subject) && (subject !== undefined || props.asked.subjects.length === 0)}
          onClick={() => props.onAsk(data, subject)}
        >
          {/* The name of the cell is what is seen in it, with words between: whoever speaks to the machine says what they see. */}
          <VisuallyHidden>{t('reach.cell.most', values)} </VisuallyHidden>
          <strong>{number(count.people)}</strong>
          <span className={classes.lower}>
            <VisuallyHidden> {t('reach.cell.constrained')} </VisuallyHidden>
            <span>{number(count.constrained)}</span>
            {count.unexplained > 0 && (
              <span className={classes.unexplained}>
                <IconAlertCircle size={11} stroke={2.4} aria-hidden />
                <VisuallyHidden>{t('reach.cell.unexplained')} </VisuallyHidden>
                {number(count.unexplained)}
              </span>
            )}
          </span>
        </button>
      </td>
    )
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its box has to be scrolled with the keyboard
    <section className={classes.box} aria-label={t('reach.caption')} tabIndex={0} onKeyDown={moveBetweenCells}>
      <table className={classes.table}>
        <caption>{t('reach.caption')}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              {t('reach.corner')}
            </th>
            <th scope="col">{t('reach.anybody')}</th>
            {columns.map(one => (
              <th key={one.code} scope="col">
                {names.subject(one.code)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.code} data-cells>
              <th scope="row" className={classes.rowHead}>
                {names.data(row.code)}
                {isGuarded(row.class) && (
                  <span className={classes.class}>
                    <Status tone="protected" icon={IconShieldLock} plain>
                      {t(`reach.classes.${row.class}`)}
                    </Status>
                  </span>
                )}
              </th>
              {cell(row.code, undefined, totals.get(row.code))}
              {columns.map(one => cell(row.code, one.code, cells.get(`${row.code} ${one.code}`)))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const spotOf = (data: string, subject?: string): string => `${data} ${subject ?? '*'}`

const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** To the next cell in that direction that has a number; empty ones are passed. */
function moveBetweenCells(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key]
  const here = (event.target as HTMLElement).closest('td')
  if (!step || !here || event.ctrlKey || event.metaKey || event.altKey) return
  const lines = [...event.currentTarget.querySelectorAll<HTMLTableRowElement>('tr[data-cells]')]
  const line = here.parentElement as HTMLTableRowElement
  let [row, column] = [lines.indexOf(line), here.cellIndex]
  event.preventDefault()
  for (;;) {
    row += step[0]
    column += step[1]
    const next = lines[row]?.cells[column]
    if (!next) return
    const button = next.querySelector<HTMLElement>('button[data-cell]')
    if (button) {
      button.focus()
      return
    }
  }
}
