import { IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { CELL_EXPIRES, stateOfCode } from '#contract/matrix.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Pager } from '../../ui/pager.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Empty } from '../../ui/states.tsx'
import { Glyph } from './glyph.tsx'
import classes from './legend.module.css'
import type { Cells, MatrixData } from './matrix-data.ts'

type Line = { at: number; person: number; column: number; code: number; count: number }
const PAGE = 100

/** The same as lines, one a cell that is not empty: for small screens, for who listens, and for whoever prefers it. */
export function CellList(props: {
  matrix: MatrixData
  cells: Cells
  offset: number
  onMove: (offset: number) => void
  onExplain: (person: number, column: number) => void
}) {
  const { t, number } = useTexts()
  const { matrix, cells } = props
  const total = cells.codes.length
  const lines = useMemo(() => linesFrom(cells, props.offset, PAGE), [cells, props.offset])
  const columns: Column<Line>[] = [
    {
      key: 'person',
      label: t('people.columns.name'),
      cell: ({ person, column }) => {
        const one = matrix.people[person]
        const unit = one?.unit == null ? null : matrix.units[one.unit]?.name
        return (
          one && (
            <>
              <PersonLink person={one} />
              <div className="meta narrow-only">{[unit, matrix.columns[column]?.name].filter(Boolean).join(' · ')}</div>
            </>
          )
        )
      },
    },
    { key: 'title', label: t('people.columns.title'), rank: 2, cell: ({ person }) => matrix.people[person]?.title },
    {
      key: 'unit',
      label: t('people.columns.unit'),
      rank: 3,
      cell: ({ person }) => {
        const place = matrix.people[person]?.unit
        const unit = place == null ? null : matrix.units[place]
        return (
          unit && (
            <Link to="/org/$unitId" params={{ unitId: unit.id }} className="link">
              {unit.name}
            </Link>
          )
        )
      },
    },
    {
      key: 'system',
      label: t('people.system'),
      rank: 3,
      cell: ({ column }) => {
        const one = matrix.columns[column]
        return one?.system ? `${one.system}: ${one.name}` : one?.name
      },
    },
    {
      key: 'state',
      label: t('matrix.stateLabel'),
      cell: ({ code, count }) => {
        const state = stateOfCode(code)
        return (
          state && (
            <span className={classes.plain}>
              <span aria-hidden className={classes.sign}>
                <Glyph code={code} />
              </span>
              <span>
                {t(`matrix.state.${state}`)}
                {count > 1 && <span className="meta"> · {t('matrix.rightsInCell', { count })}</span>}
                {(code & CELL_EXPIRES) !== 0 && <span className="meta"> · {t('matrix.expires')}</span>}
              </span>
            </span>
          )
        )
      },
    },
    {
      key: 'why',
      label: t('matrix.why'),
      rank: 1,
      cell: line => (
        <button
          type="button"
          className={classes.one}
          onClick={() => props.onExplain(line.person, line.column)}
          aria-label={t('matrix.whyOf', {
            name: matrix.people[line.person]?.name ?? t('people.protectedPerson'),
            system: matrix.columns[line.column]?.name ?? '',
          })}
        >
          <IconInfoCircle size={16} aria-hidden />
          {t('matrix.why')}
        </button>
      ),
    },
  ]
  const caption = t('matrix.listCaption')
  return (
    <>
      <DataTable
        caption={caption}
        columns={columns}
        rows={lines}
        rowKey={line => String(line.at)}
        empty={<Empty title={t('matrix.empty')} help={t('matrix.emptyHelp')} />}
      />
      <Pager offset={props.offset} limit={PAGE} total={total} onMove={props.onMove} of={caption} />
      <p className="meta">{t('matrix.listNote', { cells: number(total) })}</p>
    </>
  )
}

function linesFrom(cells: Cells, offset: number, limit: number): Line[] {
  const lines: Line[] = []
  let person = 0
  for (let at = offset; at < Math.min(cells.codes.length, offset + limit); at++) {
    while (at >= (cells.starts[person + 1] ?? 0)) person++
    lines.push({
      at,
      person,
      column: cells.columns[at] ?? 0,
      code: cells.codes[at] ?? 0,
      count: cells.counts[at] ?? 0,
    })
  }
  return lines
}
