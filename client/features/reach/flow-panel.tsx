import { getReachFlow, REACH_HOWS, REACH_STEPS } from '#contract/reach.ts'
import { useCall } from '../../lib/query.ts'
import type { ReachSearch } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Choice, FilterChip, FilterRow, Toggle } from '../../ui/filters.tsx'
import { Answer, Waiting } from '../../ui/states.tsx'
import { askedOf, type Change } from './reach-words.ts'
import { Sankey, SankeyTables, useNodeName } from './sankey.tsx'

/** The way from what gives rights to data: a picture, or the same figures as tables. */
export function FlowPanel({ search, change }: { search: ReachSearch; change: Change }) {
  const { t, number } = useTexts()
  const name = useNodeName()
  const step = REACH_STEPS.find(one => search.through?.startsWith(`${one}:`))
  const through = step && search.through ? { step, key: search.through.slice(step.length + 1) } : null
  const query = useCall(
    getReachFlow,
    { body: { ...askedOf(search), ...(search.how ? { how: search.how } : {}), ...(through ? { through } : {}) } },
    { keep: true },
  )
  return (
    <Answer query={query} waiting={<Waiting rows={8} height={40} />}>
      {flow => {
        const node = through && flow.steps[REACH_STEPS.indexOf(through.step)]?.find(one => one.key === through.key)
        return (
          <div className="stack" aria-busy={query.isPlaceholderData || undefined}>
            <FilterRow>
              <Choice
                label={t('reach.columns.how')}
                all={t('reach.howAll')}
                value={search.how}
                options={REACH_HOWS.map(value => ({ value, label: t(`reach.how.${value}`) }))}
                onChange={how => change({ how })}
              />
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
            {search.operation && <p className="meta">{t('reach.sameAtMost')}</p>}
            <p className="meta">
              {t('reach.flow.size', { people: number(flow.people) })} · {t('reach.flow.note')}
            </p>
          </div>
        )
      }}
    </Answer>
  )
}
