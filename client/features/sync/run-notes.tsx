import type { RunDetail } from '#contract/feeds.ts'
import { useTexts } from '../../texts/i18n.ts'

/** What stopped nothing and is worth knowing: servers that did not answer, parts of a directory that are elsewhere. */
export function RunNotes(props: { notes: RunDetail['notes'] }) {
  const { t } = useTexts()
  if (props.notes.length === 0) return null
  return (
    <ul className="dim">
      {props.notes.map(note => (
        <li key={note.note === 'referrals' ? note.note : note.url}>
          {note.note === 'referrals'
            ? t('sync.notes.referrals', { count: note.count, list: note.to.join(', ') })
            : t('sync.notes.passedOver', { url: note.url })}
        </li>
      ))}
    </ul>
  )
}
