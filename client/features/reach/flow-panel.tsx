import { getReachFlow, REACH_STEPS } from '#contract/reach.ts'
import { useCall } from '../../lib/query.ts'
import type { ReachSearch } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import { FilterChip, FilterRow, Toggle } from '../../ui/filters.tsx'
import { Answer, Waiting } from '../../ui/states.tsx'
import { askedOf, type Change } from './reach-words.ts'
import { Sankey, SankeyTables, useNodeName } from './sankey.tsx'

/** The way from what gives rights to data: a picture, or the same figures as tables. */
export function FlowPanel({ search, change }: { search: ReachSearch; change: Change }) {
  const { t, number } = useTexts()
  const name = useNodeName()
  const step = REACH_STEPS.find(one => search.through?.startsWith(`${one}:`))
  const through = step && search.through ? { step, key: search.through.slice(step.length + 1) } : null
  const query = useCall(getReachFlow, { body: { ...askedOf(search), ...(through ? { through } : {}) } }, { keep: true })
  return (
    <Answer query={query} waiting={<Waiting rows={8} height={40} />}>
      {flow => {
        const node = through && flow.steps[REACH_STEPS.indexOf(through.step)]?.find(one => one.key === through.key)
        return (
          <div className="stack" aria-busy={query.isPlaceholderData || undefined}>
            <FilterRow>
              {through && (
                <FilterChip
                  label={t('reach.flow.through')}
                  value={node ? name(node) : '–'}
                  onRemove={() => change({ through: undefined })}
                />
              )}
              <Toggle on={search.table === true} onChange={on => change({ table: on || undefined })}>
                {t('reach.flow.table')}
              </Toggle>
            </FilterRow>
            {search.table ? (
              <SankeyTables flow={flow} />
            ) : (
              <>
                <Sankey flow={flow} through={search.through} />
                <div className="print-only">
                  <SankeyTables flow={flow} />
                </div>
              </>
            )}
            <p className="meta">
              {t('reach.flow.size', { people: number(flow.people) })} · {t('reach.flow.note')}
            </p>
          </div>
        )
      }}
    </Answer>
  )
}
