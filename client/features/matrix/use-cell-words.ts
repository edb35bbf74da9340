import { CELL_EXPIRES, stateOfCode } from '#contract/matrix.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Col, MatrixData } from './matrix-data.ts'

/** What stands above a column, for who listens: the system, the right with its system, or the folded area. */
export function useColumnName(): (matrix: MatrixData, col: Col) => string {
  const { t } = useTexts()
  return (matrix, col) => {
    if (col.closed) return col.area ?? t('matrix.noArea')
    const column = matrix.columns[col.from]
    return column?.system ? `${column.system}: ${column.name}` : (column?.name ?? '')
  }
}

/** A cell in words: for who listens, and beside the grid. */
export function useCellWords(): (matrix: MatrixData, col: Col, code: number, count: number) => string {
  const { t } = useTexts()
  const nameOf = useColumnName()
  return (matrix, col, code, count) => {
    const name = nameOf(matrix, col)
    const state = stateOfCode(code)
    if (!state) return t('matrix.cellEmpty', { name })
    return [
      `${name}: ${t(`matrix.state.${state}`)}`,
      ...(count > 1 ? [t('matrix.rightsInCell', { count })] : []),
      ...(code & CELL_EXPIRES ? [t('matrix.expires')] : []),
    ].join(', ')
  }
}
