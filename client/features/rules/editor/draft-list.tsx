import { Link } from '@tanstack/react-router'
import { listDeskDrafts } from '#contract/rule-desk.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import classes from './editor.module.css'

/** Changes that somebody has begun; nothing where there are none. */
export function DraftList(props: { kind: 'rule' | 'role' }) {
  const { t, instant } = useTexts()
  const drafts = useCall(listDeskDrafts)
  const rows = drafts.data?.rows.filter(row => row.kind === props.kind) ?? []
  if (rows.length === 0) return null
  return (
    <Card title={t('ruleDesk.drafts')}>
      <ul className={classes.plain}>
        {rows.map(row => (
          <li key={row.key}>
            {row.kind === 'rule' ? (
              <Link to="/rules/$key/edit" params={{ key: row.key }} className="link">
                {row.name}
              </Link>
            ) : (
              <Link to="/roles/$key/edit" params={{ key: row.key }} className="link">
                {row.name}
              </Link>
            )}{' '}
            <span className="meta">
              {[
                row.exists ? null : t('ruleDesk.draftNew'),
                t('ruleDesk.draftLine', { by: row.by, at: instant(row.at) }),
                row.behind ? t('ruleDesk.draftBehind') : null,
                row.note || null,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
