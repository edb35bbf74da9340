import type { TaskRow } from '#contract/tasks.ts'
import { lastDay } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'

type Left = NonNullable<TaskRow['orders'][number]['left']>

/** Who gets what a leaver leaves, and what a mailbox answers until when. */
export function LeftLine(props: { left: Left }) {
  const { t, date } = useTexts()
  const { to, readers, reply, until } = props.left
  const lines = [
    to && t('tasks.left.to', { name: to.name ?? t('people.protectedPerson') }),
    readers.length > 0 && t('tasks.left.readers', { names: readers.join(', ') }),
    reply && t('tasks.left.reply', { text: reply }),
    until && t('tasks.left.until', { date: date(lastDay(until)) }),
  ].filter(Boolean)
  return lines.map(line => (
    <div key={String(line)} className="meta">
      {line}
    </div>
  ))
}
