import { IconChevronRight, IconUserQuestion } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'
import classes from './org-tree.module.css'
import { indexTree, matchTree, type TreeRow, type UnitNode, visibleRows } from './tree.ts'

/**
 * The organisation as a tree (ARIA tree pattern): arrows move, right opens, left closes or goes up, Enter goes to the
 * unit, letters jump. Only the rows in view are in the document; the focused one always is.
 */
export function OrgTree(props: { units: UnitNode[]; text: string; label: string; onOpen: (unit: UnitNode) => void }) {
  const { t } = useTexts()
  const found = useMemo(() => (props.text.trim() === '' ? null : matchTree(props.units, props.text)), [props])
  const tree = useMemo(() => indexTree(found?.kept ?? props.units), [found, props.units])
  const [opened, setOpened] = useState<ReadonlySet<string>>(
    () => new Set(indexTree(props.units).roots.map(unit => unit.id)),
  )
  const open = useMemo(() => new Set([...opened, ...(found?.open ?? [])]), [opened, found])
  const rows = useMemo(() => visibleRows(tree, open), [tree, open])
  const [active, setActive] = useState<string | null>(null)
  const at = Math.max(
    0,
    rows.findIndex(row => row.unit.id === active),
  )
  const box = useRef<HTMLDivElement>(null)
  const wanted = useRef<string | null>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 40,
    overscan: 12,
    // The focus must not fall off the page when its row is scrolled away.
    rangeExtractor: range => {
      const from = Math.max(0, range.startIndex - range.overscan)
      const to = Math.min(rows.length - 1, range.endIndex + range.overscan)
      const shown = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
      return shown.includes(at) || rows.length === 0 ? shown : [...shown, at].sort((a, b) => a - b)
    },
  })

  useLayoutEffect(() => {
    if (wanted.current === null) return
    const element = box.current?.querySelector<HTMLElement>(`[data-unit="${wanted.current}"]`)
    if (element) {
      element.focus({ preventScroll: true })
      wanted.current = null
    }
  })
  const go = (index: number) => {
    const row = rows[index]
    if (!row) return
    wanted.current = row.unit.id
    setActive(row.unit.id)
    virtual.scrollToIndex(index)
  }
  const toggle = (row: TreeRow, next: boolean) =>
    setOpened(old => {
      const changed = new Set(old)
      if (next) changed.add(row.unit.id)
      else changed.delete(row.unit.id)
      return changed
    })
  const keys = (event: KeyboardEvent) => {
    const row = rows[at]
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const letter = event.key.length === 1 && /\p{L}/u.test(event.key) ? event.key.toLocaleLowerCase('da') : null
    if (event.key === 'ArrowDown') go(Math.min(at + 1, rows.length - 1))
    else if (event.key === 'ArrowUp') go(Math.max(at - 1, 0))
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(rows.length - 1)
    else if (event.key === 'ArrowRight' && row.parent) row.open ? go(at + 1) : toggle(row, true)
    else if (event.key === 'ArrowLeft') {
      if (row.open && row.parent) toggle(row, false)
      else go(rows.findLastIndex((other, index) => index < at && other.level === row.level - 1))
    } else if (event.key === 'Enter' || event.key === ' ') props.onOpen(row.unit)
    else if (letter) {
      const after = [...rows.keys()].map(step => (at + 1 + step) % rows.length)
      const next = after.find(index => rows[index]?.unit.name.toLocaleLowerCase('da').startsWith(letter))
      if (next !== undefined) go(next)
    } else return
    event.preventDefault()
  }
  if (rows.length === 0) return <p className={classes.none}>{t('org.noMatch')}</p>
  return (
    <div ref={box} className={classes.box}>
      <div
        role="tree"
        aria-label={props.label}
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
        onKeyDown={keys}
      >
        {virtual.getVirtualItems().map(item => {
          const row = rows[item.index] as TreeRow
          return (
            <TreeItem
              key={row.unit.id}
              row={row}
              top={item.start}
              focusable={item.index === at}
              onToggle={() => toggle(row, !row.open)}
              onOpen={() => props.onOpen(row.unit)}
              onFocus={() => setActive(row.unit.id)}
            />
          )
        })}
      </div>
    </div>
  )
}

function TreeItem(props: {
  row: TreeRow
  top: number
  focusable: boolean
  onToggle: () => void
  onOpen: () => void
  onFocus: () => void
}) {
  const { t, number } = useTexts()
  const { row } = props
  const { unit } = row
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all its items
    <div
      role="treeitem"
      data-unit={unit.id}
      tabIndex={props.focusable ? 0 : -1}
      aria-level={row.level}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-expanded={row.parent ? row.open : undefined}
      aria-selected={false}
      className={classes.item}
      style={{ transform: `translateY(${props.top}px)`, paddingLeft: 8 + (row.level - 1) * 22 }}
      onFocus={props.onFocus}
      onClick={props.onOpen}
    >
      <span
        className={classes.toggle}
        data-open={row.open || undefined}
        data-leaf={!row.parent || undefined}
        aria-hidden
        onClick={event => {
          event.stopPropagation()
          if (row.parent) props.onToggle()
        }}
      >
        {row.parent && <IconChevronRight size={16} />}
      </span>
      <span className={classes.name}>{unit.name}</span>
      <span className={classes.kind}>{t(`enum.unitKind.${unit.kind}`)}</span>
      <span className={classes.manager}>
        {unit.vacant ? (
          <Status tone="wait" icon={IconUserQuestion} plain>
            {t('org.vacant')}
          </Status>
        ) : (
          unit.manager && (unit.manager.name ?? t('people.protectedPerson'))
        )}
      </span>
      <span className={classes.count} title={t('org.people', { count: unit.peopleBelow })}>
        {number(unit.peopleBelow)}
      </span>
    </div>
  )
}
