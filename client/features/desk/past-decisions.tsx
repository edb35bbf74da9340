import { Button } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'
import type { LinkCase } from './case-facts.tsx'

/** What has been decided about an account, newest first; the newest that still counts can be taken back. */
export function PastDecisions(props: { account: LinkCase; onUndo: (decisionId: string) => void }) {
  const { t, instant } = useTexts()
  const { account } = props
  if (account.decisions.length === 0) return null
  const undoable = account.allowed.undo ? account.decisions.find(one => one.undoneAt === null) : undefined
  return (
    <section className="stack">
      <h3>{t('desk.decisions')}</h3>
      <ul className={classes.decisions}>
        {account.decisions.map(one => (
          <li key={one.id}>
            {t(`desk.decision.${one.kind}`, {
              name: one.person ? (one.person.name ?? t('people.protectedPerson')) : '',
              kind: one.accountKind ? t(`enum.accountKind.${one.accountKind}`) : '',
            })}
            <span className="meta">
              {' '}
              {t('desk.decisionBy', { who: one.by, when: instant(one.at) })}
              {one.undoneAt && `, ${t('desk.decisionUndone', { when: instant(one.undoneAt) })}`}
              {one.reason && `: ${one.reason}`}
            </span>
          </li>
        ))}
      </ul>
      {undoable && (
        <div>
          <Button variant="default" size="xs" onClick={() => props.onUndo(undoable.id)}>
            {t('desk.undo')}
          </Button>
        </div>
      )}
    </section>
  )
}
