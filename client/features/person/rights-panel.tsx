import { TextInput, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { RightsFilter } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Empty } from '../../ui/states.tsx'
import { Inspector } from './inspector.tsx'
import { filterRights, firstRight, flatten, type PersonData } from './person.ts'
import type { RightStateName } from './right-state.tsx'
import classes from './rights-panel.module.css'
import { RightsTable } from './rights-table.tsx'

type Chosen = { show: RightsFilter | undefined; right: string | undefined }

/** The rights of a person by system, and beside them why. What is chosen stands in the address. */
export function RightsPanel(props: { page: PersonData; chosen: Chosen; onChoose: (next: Partial<Chosen>) => void }) {
  const { t } = useTexts()
  const { page, chosen, onChoose } = props
  const [text, setText] = useState('')
  const wide = useMediaQuery('(min-width: 75em)', undefined, { getInitialValueInEffect: false })
  const table = useRef<HTMLDivElement>(null)
  const systems = filterRights(page.systems, chosen.show, text)
  const all = flatten(systems)
  const picked = all.find(one => one.right.key === chosen.right)
  const shown = picked ?? (wide ? firstRight(systems) : null)

  const select = (key: string | undefined) => onChoose({ right: key })
  const focusRow = (key: string) =>
    table.current?.querySelector<HTMLElement>(`[data-right="${CSS.escape(key)}"]`)?.focus()
  const move = (step: -1 | 1) => {
    const next = all[all.findIndex(one => one.right.key === shown?.right.key) + step]
    if (!next) return
    select(next.right.key)
    announce(`${next.system.system.name}: ${next.right.name}. ${t(`enum.rightState.${next.right.state}`)}`)
  }
  const inspector = shown && (
    <Inspector
      key={shown.right.key}
      page={page}
      system={shown.system}
      right={shown.right}
      inline={!wide}
      {...(wide ? { onMove: move } : {})}
      onEscape={() => focusRow(shown.right.key)}
    />
  )

  return (
    <div className={classes.whole}>
      <Filter page={page} show={chosen.show} onShow={show => onChoose({ show })} text={text} onText={setText} />
      <div className={classes.panel}>
        <div className={classes.left}>
          {all.length === 0 ? (
            <div className={classes.box}>
              <NoRights page={page} chosen={chosen} text={text} />
            </div>
          ) : (
            <div ref={table}>
              <RightsTable
                systems={systems}
                selected={shown?.right.key}
                onSelect={key => select(!wide && key === shown?.right.key ? undefined : key)}
                inline={wide ? null : inspector}
              />
            </div>
          )}
        </div>
        {wide && <div className={classes.right}>{inspector}</div>}
      </div>
    </div>
  )
}

function NoRights(props: { page: PersonData; chosen: Chosen; text: string }) {
  const { t } = useTexts()
  if (props.page.systems.length === 0)
    return <Empty title={t('person.emptyRights')} help={t('person.emptyRightsHelp')} />
  if (props.chosen.show === 'diff' && props.text === '')
    return <Empty good title={t('person.noDiff')} help={t('person.noDiffHelp')} />
  return <Empty title={t('person.emptyFilter')} />
}

function Filter(props: {
  page: PersonData
  show: RightsFilter | undefined
  onShow: (show: RightsFilter | undefined) => void
  text: string
  onText: (text: string) => void
}) {
  const { t, number } = useTexts()
  const { counts, systems } = props.page
  const of = (state: RightStateName) =>
    systems.reduce((sum, one) => sum + one.rights.filter(right => right.state === state).length, 0)
  const matching = of('matching')
  const noAccount = of('no-account')
  const total = systems.reduce((sum, one) => sum + one.rights.length, 0)
  const counters: { value: RightsFilter | undefined; label: string; count: number }[] = [
    { value: undefined, label: t('person.counters.all'), count: total },
    { value: 'diff', label: t('person.filterDiff'), count: counts.missing + counts.unexplained + of('still-held') },
    { value: 'matching', label: t('person.counters.matching'), count: matching },
    { value: 'missing', label: t('person.counters.missing'), count: counts.missing },
    { value: 'unexplained', label: t('person.counters.unexplained'), count: counts.unexplained },
    { value: 'still-held', label: t('enum.rightState.still-held'), count: of('still-held') },
    { value: 'exception', label: t('enum.rightState.exception'), count: of('exception') },
    { value: 'stale', label: t('enum.rightState.stale'), count: of('stale') },
    { value: 'suspended', label: t('enum.rightState.suspended'), count: of('suspended') },
    { value: 'no-account', label: t('person.counters.noAccount'), count: noAccount },
    { value: 'not-read', label: t('person.counters.notRead'), count: counts.notRead },
    { value: 'protected', label: t('person.counters.protectedData'), count: counts.protectedData },
  ]
  return (
    <div className={`${classes.filter} no-print`}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend that nobody needs to see */}
      <div role="group" aria-label={t('person.filterLabel')} className={classes.counters}>
        {counters
          .filter(one => one.value === undefined || one.value === 'diff' || one.count > 0 || one.value === props.show)
          .map(one => (
            <UnstyledButton
              key={one.label}
              className={classes.counter}
              aria-pressed={props.show === one.value}
              data-on={props.show === one.value || undefined}
              data-kind={one.value}
              onClick={() => props.onShow(one.value)}
            >
              {one.label} <span className={classes.count}>{number(one.count)}</span>
            </UnstyledButton>
          ))}
      </div>
      <TextInput
        type="search"
        size="xs"
        className={classes.text}
        aria-label={t('person.filterText')}
        placeholder={t('person.filterText')}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={props.text}
        onChange={event => props.onText(event.currentTarget.value)}
        autoComplete="off"
      />
    </div>
  )
}
