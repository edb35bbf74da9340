import { Checkbox } from '@mantine/core'
import { useId, useState } from 'react'
import type { PlanItemRow } from '#contract/feeds.ts'
import { type HeldGroup, searchHeld } from '#contract/held.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Column } from '../../ui/data-table.tsx'
import { ListFrame } from '../../ui/list-frame.tsx'
import { Diff, ItemName, itemLabel } from '../../ui/plan-row.tsx'
import { Empty } from '../../ui/states.tsx'
import { type Chosen, chooseRow, isRowChosen } from './choice.ts'
import classes from './held.module.css'
import { useHeldWords } from './held-words.ts'

/** Rows at a time: with the keyboard one goes through all of them to reach the decision below. */
const limit = 50

/** One cause: ticked whole, or opened and ticked row by row. */
export function HeldGroupRow(props: {
  runId: string
  group: HeldGroup
  chosen: Chosen
  choosing: boolean
  onGroup: (on: boolean) => void
  onChosen: (chosen: Chosen) => void
}) {
  const { t } = useTexts()
  const { group, chosen } = props
  const words = useHeldWords()
  const [open, setOpen] = useState(false)
  const title = useId()
  const what = words.what(group)
  const because = words.because(group)
  const some = (chosen.rows.get(group.cause)?.size ?? 0) > 0
  return (
    <li className={classes.group}>
      <div className={classes.groupHead}>
        {props.choosing && (
          <Checkbox
            checked={chosen.causes.has(group.cause)}
            indeterminate={some}
            aria-label={t('held.chooseGroup', { what })}
            onChange={event => props.onGroup(event.currentTarget.checked)}
          />
        )}
        <div className={classes.groupText}>
          <p id={title} className={classes.what}>
            {what}
          </p>
          {because && <p className={classes.because}>{because}</p>}
          <p className="meta">
            {words.why(group)}
            {group.alwaysOn && ` ${t('held.alwaysOn')}.`}
          </p>
        </div>
      </div>
      <details className={classes.more} onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>{t('held.rows')}</summary>
        {open && <Rows {...props} what={what} />}
      </details>
    </li>
  )
}

function Rows(props: {
  runId: string
  group: HeldGroup
  chosen: Chosen
  choosing: boolean
  what: string
  onChosen: (chosen: Chosen) => void
}) {
  const { t } = useTexts()
  const { group, chosen } = props
  const [offset, setOffset] = useState(0)
  const query = useCall(
    searchHeld,
    { params: { runId: props.runId }, body: { cause: group.cause, offset, limit } },
    { keep: true },
  )
  const known = query.data?.rows.map(row => row.n) ?? []
  // Taking one row out of a whole group that has further pages would lose those of the other pages unseen: such a group
  // is first taken off as a whole.
  const single = props.choosing && ((query.data?.total ?? 0) <= limit || !chosen.causes.has(group.cause))
  const columns: Column<PlanItemRow>[] = [
    {
      key: 'what',
      label: t('sync.what'),
      cell: row => (
        <div className={classes.rowName}>
          {single && (
            <Checkbox
              size="sm"
              checked={isRowChosen(chosen, group.cause, row.n)}
              aria-label={t('held.chooseRow', { what: itemLabel(t, row) })}
              onChange={event =>
                props.onChosen(chooseRow(chosen, group.cause, row.n, event.currentTarget.checked, known))
              }
            />
          )}
          <ItemName row={row} />
        </div>
      ),
    },
    { key: 'change', label: t('sync.change'), cell: row => <Diff row={row} /> },
  ]
  return (
    <ListFrame
      query={query}
      url={{ offset, filtered: false, change: () => {}, move: setOffset, clear: () => {} }}
      limit={limit}
      caption={t('held.rowsCaption', { what: props.what })}
      columns={columns}
      rowKey={row => String(row.n)}
      empty={<Empty title={t('sync.planEmpty')} />}
    />
  )
}
