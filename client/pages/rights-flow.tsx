import type { BodyInput } from '#contract/endpoint.ts'
import { FLOW_STEPS, getFlow } from '#contract/matrix.ts'
import { Flow, FlowTables, useNodeName } from '../features/matrix/flow.tsx'
import { flowChoice } from '../features/matrix/flow-choice.ts'
import { useCall } from '../lib/query.ts'
import { useSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Choice, FilterChip, Toggle } from '../ui/filters.tsx'
import { Answer, Waiting } from '../ui/states.tsx'
import classes from './rights.module.css'
import { type Change, filtersInWords, type Search } from './rights-filters.tsx'

/** The way from people to data: a picture, or the same figures as tables. */
export function FlowView(props: { asked: BodyInput<typeof getFlow>; search: Search; change: Change }) {
  const texts = useTexts()
  const { t, number, date, instant } = texts
  const { actor } = useSession()
  const name = useNodeName()
  const { search, change } = props
  const choice = flowChoice(search)
  const { through } = choice
  const query = useCall(getFlow, { body: { ...props.asked, ...choice } }, { keep: true })
  return (
    <Answer query={query} waiting={<Waiting rows={8} height={40} />}>
      {flow => {
        const node = through && flow.steps[FLOW_STEPS.indexOf(through.step)]?.find(one => one.key === through.key)
        const throughName = node ? name(node) : '–'
        const filters = [
          filtersInWords({ search, find: '', text: props.asked.text }, flow.about, texts),
          ...(search.by === 'title' ? [`${t('matrix.flow.by')}: ${t('matrix.flow.byTitle')}`] : []),
          ...(through ? [`${t('matrix.flow.through')}: ${throughName}`] : []),
        ].filter(part => part !== '')
        return (
          <div className={classes.page} aria-busy={query.isPlaceholderData || undefined}>
            <div className={`${classes.switch} no-print`}>
              <Choice
                label={t('matrix.flow.by')}
                all={t('matrix.flow.byUnit')}
                value={search.by === 'title' ? ('title' as const) : undefined}
                options={[{ value: 'title' as const, label: t('matrix.flow.byTitle') }]}
                // A box of units is none of titles.
                onChange={by => change({ by, ...(through?.step === 'group' ? { through: undefined } : {}) })}
              />
              {through && (
                <FilterChip
                  label={t('matrix.flow.through')}
                  value={throughName}
                  onRemove={() => change({ through: undefined })}
                />
              )}
              <Toggle on={search.table === true} onChange={on => change({ table: on || undefined })}>
                {t('matrix.flow.table')}
              </Toggle>
            </div>
            <header className="print-only">
              <p>
                {t('matrix.flow.printed', {
                  ...{ day: date(flow.asOf), when: instant(new Date().toISOString()), who: actor?.displayName ?? '' },
                })}
              </p>
              <p>{t('matrix.filters', { filters: filters.join('; ') || t('matrix.noFilters') })}</p>
            </header>
            {search.table ? (
              <FlowTables flow={flow} />
            ) : (
              <>
                <Flow flow={flow} through={search.through} />
                <div className="print-only">
                  <FlowTables flow={flow} />
                </div>
              </>
            )}
            <div className={`${classes.foot} meta`}>
              <span>{t('matrix.flow.note')}</span>
              <span>{t('matrix.flow.size', { people: number(flow.people), rights: number(flow.rights) })}</span>
            </div>
          </div>
        )
      }}
    </Answer>
  )
}
