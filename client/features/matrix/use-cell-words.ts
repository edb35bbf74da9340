import { CELL_EXPIRES, stateOfCode } from '#contract/matrix.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Col, MatrixData } from './matrix-data.ts'

/** A cell in words: for who listens, and beside the grid. */
export function useCellWords(): (matrix: MatrixData, col: Col, code: number, count: number) => string {
  const { t } = useTexts()
  return (matrix, col, code, count) => {
    const column = matrix.columns[col.from]
    const name = col.closed
      ? (col.area ?? t('matrix.noArea'))
      : column?.system
        ? `${column.system}: ${column.name}`
        : (column?.name ?? '')
    const state = stateOfCode(code)
    if (!state) return t('matrix.cellEmpty', { name })
    return [
      `${name}: ${t(`matrix.state.${state}`)}`,
      ...(count > 1 ? [t('matrix.rightsInCell', { count })] : []),
      ...(code & CELL_EXPIRES ? [t('matrix.expires')] : []),
    ].join(', ')
  }
}
