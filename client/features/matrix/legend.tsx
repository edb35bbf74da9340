import { CELL_STATES } from '#contract/lists.ts'
import { CELL_EXPIRES, type CellState } from '#contract/matrix.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Glyph } from './glyph.tsx'
import classes from './legend.module.css'

/** What the letters mean and how many cells show each; pressing one leaves only those. */
export function Legend(props: {
  counts: ReadonlyMap<CellState, number>
  chosen: CellState | undefined
  onChoose: (state: CellState | undefined) => void
}) {
  const { t, number } = useTexts()
  const shown = [...CELL_STATES].reverse().filter(state => props.counts.has(state) || state === props.chosen)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend that nobody needs to see
    <div role="group" aria-label={t('matrix.legend')} className={`${classes.legend} no-print`}>
      {shown.map(state => (
        <button
          key={state}
          type="button"
          className={classes.one}
          aria-pressed={props.chosen === state}
          onClick={() => props.onChoose(props.chosen === state ? undefined : state)}
        >
          <span aria-hidden className={classes.sign}>
            <Glyph code={CELL_STATES.indexOf(state) + 1} />
          </span>
          {t(`matrix.state.${state}`)} <span className={classes.count}>{number(props.counts.get(state) ?? 0)}</span>
        </button>
      ))}
      <span className={classes.plain}>
        <span aria-hidden className={classes.sign}>
          <Glyph code={CELL_STATES.indexOf('matching') + 1 + CELL_EXPIRES} />
        </span>
        {t('matrix.dashed')}
      </span>
    </div>
  )
}
