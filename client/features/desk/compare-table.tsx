import { useMediaQuery } from '@mantine/hooks'
import { IconCheck, IconEqualNot, IconMinus, IconTilde } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { valueText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Compared, type CompareRow, compareRows } from './compare-rows.ts'
import classes from './compare-table.module.css'

const sign = {
  same: IconCheck,
  similar: IconTilde,
  different: IconEqualNot,
  'only-here': IconMinus,
  'only-there': IconMinus,
  none: IconMinus,
} as const

export type CompareColumn = { key: string; head: ReactNode; chosen?: boolean; compared: readonly Compared[] }

type Props = { caption: string; first: ReactNode; columns: readonly CompareColumn[] }

/**
 * One against others, differences first. The mark is a sign and a word, never the colour alone. On a telephone the
 * others stand under one another, each beside the one: two columns fit, and nobody compares what is out of sight.
 */
export function CompareTable(props: Props) {
  const narrow = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false })
  if (!narrow) return <Compare {...props} />
  return (
    <div className={classes.stack}>
      {props.columns.map(column => (
        <Compare key={column.key} {...props} columns={[column]} stacked />
      ))}
    </div>
  )
}

function Compare(props: Props & { stacked?: boolean }) {
  const { columns } = props
  if (props.stacked)
    return (
      <div className={classes.box} data-stacked>
        <Table {...props} columns={columns} />
      </div>
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that may be wider than its box has to be scrolled by keys
    <section className={classes.box} aria-label={props.caption} tabIndex={0}>
      <Table {...props} columns={columns} />
    </section>
  )
}

function Table(props: Props & { stacked?: boolean }) {
  const { t } = useTexts()
  const { columns, stacked } = props
  const rows = compareRows(columns.map(column => column.compared))
  const values = (row: CompareRow) => (
    <>
      <td>
        <Here row={row} />
      </td>
      {row.cells.map((cell, index) => (
        <td key={columns[index]?.key} data-chosen={columns[index]?.chosen || undefined}>
          {cell ? <Cell cell={cell} /> : <span className="meta">–</span>}
        </td>
      ))}
    </>
  )
  return (
    <table className={classes.table}>
      <caption>{props.caption}</caption>
      <thead>
        <tr>
          {!stacked && <td />}
          <th scope="col">{props.first}</th>
          {columns.map(column => (
            <th key={column.key} scope="col" data-chosen={column.chosen || undefined}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      {stacked ? (
        // The name of a field above its values: beside them it would have no room.
        rows.map(row => (
          <tbody key={row.field}>
            <tr>
              <th scope="rowgroup" colSpan={2}>
                {t(`desk.field.${row.field}`)}
              </th>
            </tr>
            <tr>{values(row)}</tr>
          </tbody>
        ))
      ) : (
        <tbody>
          {rows.map(row => (
            <tr key={row.field}>
              <th scope="row">{t(`desk.field.${row.field}`)}</th>
              {values(row)}
            </tr>
          ))}
        </tbody>
      )}
    </table>
  )
}

/** A value that may not be shown is there all the same: what the others are compared with. */
function Here(props: { row: CompareRow }) {
  const { t } = useTexts()
  const { row } = props
  if (row.here !== null) return <Value field={row.field} text={row.here} />
  const there = row.cells.some(cell => cell && cell.result !== 'only-there' && cell.result !== 'none')
  return <span className="meta">{there ? t('desk.hidden') : '–'}</span>
}

function Value(props: { field: Compared['field']; text: string }) {
  const { t } = useTexts()
  return <>{props.field === 'realm' ? valueText(t, 'realm', props.text) : props.text}</>
}

function Cell(props: { cell: Compared }) {
  const { t } = useTexts()
  const { cell } = props
  const Sign = sign[cell.result]
  return (
    <span className={classes.cell} data-result={cell.result}>
      <span>
        {cell.there !== null ? (
          <Value field={cell.field} text={cell.there} />
        ) : cell.result !== 'only-here' && cell.result !== 'none' ? (
          <span className="meta">{t('desk.hidden')}</span>
        ) : (
          <span className="meta">–</span>
        )}
      </span>
      <span className={classes.result}>
        <Sign size={13} stroke={2.2} aria-hidden />
        {t(`desk.result.${cell.result}`)}
      </span>
    </span>
  )
}
