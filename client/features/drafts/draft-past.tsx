import type { DraftPage } from '#contract/what-if-draft.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import classes from './draft.module.css'

/** Who did what with the draft, and when. */
export function DraftTimeline(props: { draft: DraftPage }) {
  const { t, instant } = useTexts()
  return (
    <Card title={t('drafts.timelineTitle')}>
      <ol className={classes.changes}>
        {props.draft.timeline.map(one => (
          <li key={one.what}>
            <strong>{t(`drafts.timeline.${one.what}`)}</strong>{' '}
            <span className="meta">
              {instant(one.at)}
              {one.by && `, ${one.by}`}
            </span>
          </li>
        ))}
      </ol>
      {props.draft.shared && <p className="meta">{t('drafts.sharedHelp')}</p>}
    </Card>
  )
}

/** What was announced at the approval, and what was changed on the date. */
export function CarriedOut(props: { draft: DraftPage }) {
  const { t } = useTexts()
  const done = props.draft.carriedOut
  if (!done) return null
  const lines = [
    ...(['rules', 'roles', 'recorded'] as const).flatMap(what =>
      done[what] > 0 ? [t(`drafts.carriedOut.${what}`, { count: done[what] })] : [],
    ),
    ...done.announced.map(one => t('drafts.carriedOut.announced', { count: one.changes, source: one.source })),
  ]
  return lines.length === 0 ? null : <p>{lines.join('. ')}.</p>
}
