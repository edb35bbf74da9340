import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DraftChange, DraftPage } from '#contract/what-if-draft.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { useChangeWords } from './change-words.ts'
import classes from './draft.module.css'
import { UnitMap } from './unit-map.tsx'

/** What the draft changes, in order; rules and roles lead to their form. */
export function DraftChanges(props: { draft: DraftPage; onRemove: (id: string) => void; undo: ReactNode }) {
  const { t } = useTexts()
  const { draft } = props
  const words = useChangeWords(draft.names)
  return (
    <Card title={t('drafts.changesTitle')} aside={props.undo}>
      {draft.changes.length === 0 ? (
        <p>{t('drafts.noChanges')}</p>
      ) : (
        <ol className={classes.changes}>
          {draft.changes.map(change => (
            <li key={change.id}>
              <div className={classes.change}>
                <span>{words(change)}</span>
                {draft.may.change && written(change) && (
                  <Link
                    to="/drafts/$draftId/form"
                    params={{ draftId: draft.id }}
                    search={written(change) ?? {}}
                    className="link"
                    aria-label={t('drafts.byForm.editOne', { what: words(change) })}
                  >
                    {t('drafts.byForm.edit')}
                  </Link>
                )}
                {draft.may.change && (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    aria-label={t('drafts.removeOne', { what: words(change) })}
                    onClick={() => props.onRemove(change.id)}
                  >
                    {t('drafts.remove')}
                  </Button>
                )}
              </div>
              {change.kind === 'unit-map' && (
                <UnitMap rows={change.rows} nameOf={key => draft.names.units[key] ?? key} />
              )}
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

/** The rule or role that the change writes. */
const written = (change: DraftChange) =>
  change.kind === 'rule-put'
    ? { kind: 'rule' as const, key: String(change.rule.key) }
    : change.kind === 'role-put'
      ? { kind: 'role' as const, key: String(change.role.key) }
      : null
