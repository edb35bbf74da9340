import { Button, Group, NativeSelect } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { whatIfBase } from '#contract/lists.ts'
import type { getWhatIf, WhatIfBase, WhatIfResult } from '#contract/what-if.ts'
import { DATE_CAUSE, type DraftPage } from '#contract/what-if-draft.ts'
import { listUrl } from '../../lib/list-url.ts'
import type { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { Empty, Failure } from '../../ui/states.tsx'
import { useChangeWords } from './change-words.ts'
import { CompareDrafts } from './compare-drafts.tsx'
import { WhatIfPeople } from './what-if-people.tsx'
import { WhatIfResultPanel } from './what-if-result.tsx'

const route = getRouteApi('/app/drafts/$draftId')

/** What the draft would do, by what it is compared with; and beside another draft. */
export function DraftEffect(props: {
  draft: DraftPage
  base: WhatIfBase
  result: ReturnType<typeof useCall<typeof getWhatIf>>
  computing: boolean
  error: string | null
  onCompute: (base: WhatIfBase) => void
  /** The limits that the whole draft passes; drawn by whoever draws those of rules. */
  guards: (guards: WhatIfResult['guards']) => ReactNode
}) {
  const { t, instant } = useTexts()
  const { draft, base } = props
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const words = useChangeWords(draft.names)
  const { base: _base, tab: _tab, against: _against, ...filters } = search
  const url = listUrl(filters, navigate as never, { stay: true })
  const go = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, offset: undefined, ...next }), replace: true, resetScroll: false })
  const found = props.result.data?.result
  const narrowed = [
    ...(search.unit ? [found?.byUnit.find(one => one.unit === search.unit)?.name ?? search.unit] : []),
    ...(search.system ? [found?.bySystem.find(one => one.system === search.system)?.name ?? search.system] : []),
    ...(search.cause ? [causeName(search.cause)] : []),
  ]
  function causeName(id: string): string {
    if (id === DATE_CAUSE) return t('drafts.dateCause')
    const change = draft.changes.find(one => one.id === id)
    return change ? words(change) : id
  }
  const tab = search.tab ?? 'unit'
  // Clearing filters keeps what is compared and which tab is open.
  const people = {
    ...url,
    clear: () => go({ effect: undefined, unit: undefined, system: undefined, cause: undefined }),
  }
  const open = draft.state !== 'applied' && draft.state !== 'withdrawn'
  return (
    <>
      <Card title={t('drafts.effectTitle')}>
        <div className="stack">
          <Group gap={12} align="end">
            <NativeSelect
              label={t('drafts.base')}
              value={base}
              onChange={event => go({ base: event.currentTarget.value as WhatIfBase })}
              data={whatIfBase.options.map(value => ({ value, label: t(`drafts.baseName.${value}`) }))}
            />
            {open && (
              <Button
                variant={found && found.moved.length === 0 ? 'default' : 'filled'}
                loading={props.computing}
                onClick={() => props.onCompute(base)}
              >
                {t(found ? 'drafts.computeAgain' : 'drafts.compute')}
              </Button>
            )}
            {found && <span className="meta">{t('drafts.computed', { when: instant(found.computedAt) })}</span>}
          </Group>
          <div role="status">{props.computing && t('drafts.computing')}</div>
          {props.error && (
            <p role="alert" style={{ color: 'var(--app-bad)' }}>
              {props.error}
            </p>
          )}
          {props.result.isError ? (
            <Failure error={props.result.error} retry={() => void props.result.refetch()} />
          ) : found ? (
            <WhatIfResultPanel
              result={found}
              draft={draft}
              tab={tab}
              onTab={next => go({ tab: next })}
              onNarrow={narrow =>
                go({ tab: 'people', unit: undefined, system: undefined, cause: undefined, ...narrow })
              }
              guards={props.guards(found.guards)}
              people={<WhatIfPeople draft={draft} base={base} url={people as never} narrowed={narrowed} />}
            />
          ) : (
            props.result.data && <Empty title={t('drafts.notYet')} help={t('drafts.notYetHelp')} />
          )}
        </div>
      </Card>
      <CompareDrafts
        draft={draft}
        base={base}
        against={search.against}
        offset={tab === 'people' ? 0 : (search.offset ?? 0)}
        onAgainst={against => go({ against })}
        onMove={offset => go({ offset, tab: tab === 'people' ? 'unit' : tab })}
      />
    </>
  )
}
