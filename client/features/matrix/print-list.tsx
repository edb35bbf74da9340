import { CELL_EXPIRES, stateOfCode } from '#contract/matrix.ts'
import { useTexts } from '../../texts/i18n.ts'
import { LETTER } from './glyph.tsx'
import type { Cells, MatrixData, Row } from './matrix-data.ts'
import { unitPath } from './matrix-data.ts'
import classes from './print-list.module.css'

/**
 * On paper the grid is a list: by unit and person, what each has and in which state. Protected names stay off it, whoever
 * prints.
 */
export function PrintList(props: {
  matrix: MatrixData
  cells: Cells
  rows: readonly Row[]
  filters: string
  who: string
}) {
  const { t, date, instant } = useTexts()
  const { matrix, cells } = props
  const bands = props.rows.filter(row => row.kind === 'band')
  return (
    <div className={`${classes.paper} print-only`}>
      <header>
        <p>
          {t('matrix.printed', { day: date(matrix.asOf), when: instant(new Date().toISOString()), who: props.who })}
        </p>
        <p>{props.filters}</p>
        <p>
          {Object.entries(LETTER)
            .map(([state, letter]) => `${letter} ${t(`matrix.state.${state as keyof typeof LETTER}`)}`)
            .join(' · ')}
        </p>
      </header>
      {bands.map(band => (
        <section key={`${band.unit}`}>
          <h2>{unitPath(matrix.units, band.unit).slice(-2).join(' › ') || t('matrix.noUnit')}</h2>
          <table>
            <tbody>
              {Array.from({ length: band.to - band.from }, (_, step) => band.from + step).map(person => {
                const one = matrix.people[person]
                return (
                  <tr key={one?.id}>
                    <th scope="row">
                      {(one?.protected ? null : one?.name) ?? t('people.protectedPerson')}
                      {one?.title && <span>{one.title}</span>}
                    </th>
                    <td>{wordsOf(matrix, cells, person)}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </section>
      ))}
    </div>
  )
}

function wordsOf(matrix: MatrixData, cells: Cells, person: number): string {
  const parts: string[] = []
  for (let at = cells.starts[person] ?? 0; at < (cells.starts[person + 1] ?? 0); at++) {
    const column = matrix.columns[cells.columns[at] ?? -1]
    const code = cells.codes[at] ?? 0
    const state = stateOfCode(code)
    if (column && state)
      parts.push(
        `${column.system ? `${column.system}: ` : ''}${column.name} (${LETTER[state]}${code & CELL_EXPIRES ? '*' : ''})`,
      )
  }
  return parts.join(', ') || '–'
}
