import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { catchRule } from '#contract/rule-desk.ts'
import type { ConditionTree } from '#contract/rule-forms.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { PersonLink } from '../../../ui/person-link.tsx'
import { Answer } from '../../../ui/states.tsx'
import { Status } from '../../../ui/status.tsx'
import classes from './editor.module.css'
import { Reached } from './reach-tree.tsx'
import type { NamedPerson } from './rule-form.tsx'
import { unfinished } from './rule-problems.ts'

/** Whom conditions catch, worked out again shortly after the last change of them. */
export function CatchPanel(props: { conditions: ConditionTree; about?: NamedPerson | null; affiliations: number }) {
  const { t, number, percent } = useTexts()
  const { about } = props
  const text = JSON.stringify(props.conditions)
  const [asked, setAsked] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), 350)
    return () => clearTimeout(timer)
  }, [text])
  const conditions = JSON.parse(asked) as ConditionTree
  const open = unfinished(conditions)
  const query = useCall(
    catchRule,
    { body: { conditions, ...(about ? { person: about.id } : {}) } },
    { enabled: !open, keep: true },
  )
  return (
    <Card title={t('ruleDesk.catch')}>
      {open ? (
        <p role="status">{t('ruleDesk.unfinished')}</p>
      ) : (
        <Answer query={query}>
          {found => (
            <div className={classes.stack} aria-busy={query.isPlaceholderData || asked !== text || undefined}>
              {found.problems.length > 0 ? (
                <p role="status">{t('ruleDesk.unfinished')}</p>
              ) : found.affiliations === 0 ? (
                <div role="status">
                  <Status tone="wait" icon={IconAlertTriangle} plain>
                    {t(found.never ? 'ruleDesk.catchNever' : 'ruleDesk.catchNobody')}
                  </Status>
                </div>
              ) : (
                <div role="status">
                  <p className={classes.figure}>{t('ruleDesk.people', { count: found.people })}</p>
                  <p className="meta">
                    {t('ruleDesk.count', { count: found.affiliations })}
                    {props.affiliations > 0 &&
                      `, ${t('ruleDesk.ofAll', { share: percent(found.affiliations / props.affiliations) })}`}
                  </p>
                </div>
              )}
              {about && found.catchesPerson !== null && (
                <Status tone={found.catchesPerson ? 'ok' : 'wait'} icon={found.catchesPerson ? IconCheck : IconX} plain>
                  {t(found.catchesPerson ? 'ruleDesk.catches' : 'ruleDesk.catchesNot', {
                    name: about.name ?? t('people.protectedPerson'),
                  })}
                </Status>
              )}
              {found.units.length > 0 && (
                <div>
                  <p className="meta">{t('ruleDesk.catchUnits')}</p>
                  <ul className={classes.bars}>
                    {found.units.map(row => (
                      <li key={row.unit?.id ?? ''}>
                        <span>{row.unit?.name ?? t('ruleDesk.withoutUnit')}</span>
                        <span>{t('ruleDesk.catchOf', { here: number(row.count), of: number(row.of) })}</span>
                        <span className={classes.bar} aria-hidden>
                          <span style={{ width: `${Math.min(100, (100 * row.count) / Math.max(1, row.of))}%` }} />
                        </span>
                      </li>
                    ))}
                  </ul>
                  {found.otherUnits > 0 && (
                    <p className="meta">{t('ruleDesk.otherUnits', { count: found.otherUnits })}</p>
                  )}
                </div>
              )}
              {found.reach.units.length > 0 && (
                <details className={classes.reachHere}>
                  <summary>{t('ruleDesk.reach')}</summary>
                  <Reached reach={found.reach} />
                </details>
              )}
              {found.sample.length > 0 && (
                <div>
                  <p className="meta">{t('ruleDesk.sample')}</p>
                  <ul className={classes.plain}>
                    {found.sample.map(one => (
                      <li key={one.affiliationId}>
                        <PersonLink person={one.person} />
                        <span className="meta"> {[one.title, one.unit?.name].filter(Boolean).join(', ')}</span>
                      </li>
                    ))}
                  </ul>
                </div>
              )}
            </div>
          )}
        </Answer>
      )}
    </Card>
  )
}
