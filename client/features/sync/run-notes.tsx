import type { RunDetail } from '#contract/feeds.ts'
import { useTexts } from '../../texts/i18n.ts'

/** What stopped nothing and is worth knowing: servers that did not answer, parts of a directory that are elsewhere. */
export function RunNotes(props: { notes: RunDetail['notes'] }) {
  const { t } = useTexts()
  const textOf = (note: RunDetail['notes'][number]): string => {
    if (note.note === 'referrals') return t('sync.notes.referrals', { count: note.count, list: note.to.join(', ') })
    if (note.note === 'server-passed-over') return t('sync.notes.passedOver', { url: note.url })
    if (note.note === 'left-out')
      return t('sync.notes.leftOut', {
        count: note.count,
        why: t(`sync.leftOut.${note.why as 'no-entry-date'}`, { defaultValue: note.why }),
      })
    const list = note.attributes.join(', ')
    return t('sync.notes.moreIsRead', { count: note.count, kind: t(`sync.record.${note.kind}`).toLowerCase(), list })
  }
  if (props.notes.length === 0) return null
  return (
    <ul className="dim">
      {props.notes.map(note => (
        <li key={JSON.stringify(note)}>{textOf(note)}</li>
      ))}
    </ul>
  )
}
