import type { BodyInput } from '#contract/endpoint.ts'
import { FLOW_STEPS, getFlow } from '#contract/matrix.ts'
import { Flow, FlowTables, useNodeName } from '../features/matrix/flow.tsx'
import type { Step } from '../features/matrix/lay-flow.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Choice, FilterChip, Toggle } from '../ui/filters.tsx'
import { Answer, Waiting } from '../ui/states.tsx'
import classes from './rights.module.css'
import type { Change, Search } from './rights-filters.tsx'

/** The way from people to data: a picture, or the same figures as tables. */
export function FlowView(props: { asked: BodyInput<typeof getFlow>; search: Search; change: Change }) {
  const { t, number } = useTexts()
  const name = useNodeName()
  const { search, change } = props
  const through = nodeOf(search.through)
  const query = useCall(
    getFlow,
    { body: { ...props.asked, ...(search.by ? { by: search.by } : {}), ...(through ? { through } : {}) } },
    { keep: true },
  )
  return (
    <Answer query={query} waiting={<Waiting rows={8} height={40} />}>
      {flow => {
        const node = through && flow.steps[FLOW_STEPS.indexOf(through.step)]?.find(one => one.key === through.key)
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
                  value={node ? name(node) : '–'}
                  onRemove={() => change({ through: undefined })}
                />
              )}
              <Toggle on={search.table === true} onChange={on => change({ table: on || undefined })}>
                {t('matrix.flow.table')}
              </Toggle>
            </div>
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

/** A node as it stands in the address: its step, a colon and its key. */
function nodeOf(text: string | undefined): { step: Step; key: string } | null {
  const step = FLOW_STEPS.find(one => text?.startsWith(`${one}:`))
  return step && text !== undefined ? { step, key: text.slice(step.length + 1) } : null
}
