import { Button } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import { undoSheets } from '#contract/catalogue.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { isListKey, stepRow } from '../../ui/row-keys.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import classes from './systems.module.css'
import { undoneText } from './value-text.ts'

/** What has been selected over all pages, and the last change of many, which one key takes back. */
export function useSelection() {
  const { t } = useTexts()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [last, setLast] = useState<{ batch: string | null; text: string } | null>(null)
  const undo = useCommand(undoSheets, answer => {
    const text = undoneText({ t }, answer)
    setLast({ batch: null, text })
    announce(text)
  })
  const toggle = (id: string) =>
    setSelected(old => {
      const next = new Set(old)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const takeBack = () => {
    if (!last?.batch || undo.isPending) return
    undo.mutate(
      { params: { batch: last.batch }, body: {} },
      { onError: error => setLast({ batch: null, text: t(`problem.${problemOf(error).code}`) }) },
    )
  }
  return { selected, setSelected, toggle, last, setLast, takeBack }
}
type Selection = ReturnType<typeof useSelection>

/**
 * Keys of a list of which many are changed at once: J and K move, space selects, Z takes back. Only while the focus is in
 * the list and not in a field (WCAG 2.1.4).
 */
export const selectionKeys =
  (selection: Selection) =>
  (event: KeyboardEvent<HTMLElement>): void => {
    if (stepRow(event) || !isListKey(event)) return
    const target = event.target as HTMLElement
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (key === 'z') {
      event.preventDefault()
      selection.takeBack()
      return
    }
    const row = target.closest<HTMLElement>('tr[data-row]')
    if (row && key === ' ' && target.matches('a')) {
      event.preventDefault()
      if (row.querySelector('input[type=checkbox]')) selection.toggle(row.dataset.row as string)
    }
  }

/** `total`: systems on the list; `onAll`: those of them that the reader may change, and so select. */
export function BulkBar(props: { selection: Selection; total: number; onAll: () => string[] }) {
  const { t } = useTexts()
  const all = props.onAll()
  const { selection } = props
  const { selected, last } = selection
  const [open, setOpen] = useState(false)
  return (
    <>
      {last && (
        <div className={classes.bar} role="status">
          <span>{last.text}</span>
          {last.batch && (
            <Button variant="default" size="xs" onClick={selection.takeBack}>
              {t('catalogue.bulk.undo')}
            </Button>
          )}
        </div>
      )}
      {selected.size > 0 && (
        <section className={`${classes.bar} ${classes.foot} no-print`} aria-label={t('catalogue.list.change')}>
          <b>{t('catalogue.list.selected', { count: selected.size })}</b>
          <Button size="xs" onClick={() => setOpen(true)}>
            {t('catalogue.list.change')}
          </Button>
          {all.some(id => !selected.has(id)) && (
            <Button variant="default" size="xs" onClick={() => selection.setSelected(new Set(all))}>
              {t(all.length < props.total ? 'catalogue.list.selectOwn' : 'catalogue.list.selectAll', {
                count: all.length,
              })}
            </Button>
          )}
          <Button variant="default" size="xs" onClick={() => selection.setSelected(new Set())}>
            {t('catalogue.list.clear')}
          </Button>
        </section>
      )}
      {open && (
        <BulkDialog
          systems={[...selected]}
          onClose={() => setOpen(false)}
          onDone={({ batch, changed }) => {
            const text = t('catalogue.bulk.done', { count: changed })
            setOpen(false)
            selection.setSelected(new Set())
            selection.setLast({ batch, text })
            announce(text)
          }}
        />
      )}
    </>
  )
}
