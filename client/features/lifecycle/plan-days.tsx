import {
  IconClock,
  IconEyeOff,
  IconHandStop,
  IconKey,
  IconListCheck,
  IconMail,
  IconSend,
  IconUser,
} from '@tabler/icons-react'
import type { PlanLine } from '#contract/lifecycle.ts'
import { lastDay } from '../../lib/formats.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import { HeldBack } from '../../ui/held-back.tsx'
import { limitTexts } from './case-words.ts'
import { ChangeLines } from './doors/change-lines.tsx'
import classes from './lifecycle.module.css'

const nameOf = (right: PlanLine['right']): string => (right ? `${right.system.name}: ${right.name}` : '')

/** What follows, day by day: a list of days, each with what happens on it. Many rights of one day fold. */
export function PlanDays(props: { plan: readonly PlanLine[]; today: string }) {
  const { t, longDate } = useTexts()
  const days = Map.groupBy(props.plan, line => line.on)
  return (
    <ol className={classes.days}>
      {[...days].map(([day, lines]) => (
        <li key={day} className={classes.day}>
          <h3>{day === props.today ? `${t('reports.plan.today')}, ${longDate(day)}` : longDate(day)}</h3>
          <DayLines lines={lines} />
        </li>
      ))}
    </ol>
  )
}

function DayLines(props: { lines: readonly PlanLine[] }) {
  const { t, date } = useTexts()
  const of = (...what: PlanLine['what'][]) => props.lines.filter(line => what.includes(line.what))
  const rights = of('right')
  const withheld = of('withheld')
  const notSent = new Map(of('not-sent').map(line => [line.right?.system.id ?? '', line]))
  return (
    <ul className={classes.lines}>
      <ChangeLines lines={props.lines} />
      {of('affiliation').map(line => (
        <li key={line.code}>
          <IconUser size={16} aria-hidden />
          <span>
            {t(line.code === 'known' ? 'reports.plan.known' : 'reports.plan.new', {
              name: line.subject ?? t('people.protectedPerson'),
              unit: line.text ?? '',
            })}
            {line.until && ` ${t('reports.plan.until', { date: date(lastDay(line.until)) })}`}
          </span>
        </li>
      ))}
      {of('approval').map(line => (
        <li key={line.right?.id}>
          <IconClock size={16} aria-hidden />
          <span>
            {line.owner
              ? t('reports.plan.approval', {
                  right: nameOf(line.right),
                  name: line.owner.name ?? t('people.protectedPerson'),
                })
              : t('reports.plan.approvalHr', { right: nameOf(line.right) })}
            {line.state && line.state !== 'waiting' && (
              <span className="meta"> {t(`reports.approvals.state.${line.state as 'approved'}`)}</span>
            )}
          </span>
        </li>
      ))}
      {rights.length > 0 && (
        <li>
          <IconKey size={16} aria-hidden />
          <details className={classes.fold} open={rights.length <= 6}>
            <summary>{t('reports.plan.rights', { count: rights.length })}</summary>
            <ul>
              {rights.map(line => (
                <li key={line.right?.id} style={{ display: 'list-item' }}>
                  {nameOf(line.right)}
                  <div className="meta">
                    {line.rule ? t('reports.rights.because', { rule: line.rule.name }) : t('reports.plan.asked')}
                    {limitTexts(t, line.limits).map(text => ` · ${text}`)}
                  </div>
                </li>
              ))}
            </ul>
          </details>
        </li>
      )}
      {withheld.length > 0 && (
        <li>
          <IconHandStop size={16} aria-hidden />
          <details className={classes.fold} open={withheld.length <= 6}>
            <summary>{t('reports.plan.withheld', { count: withheld.length })}</summary>
            <ul>
              {withheld.map(line => (
                <li key={line.right?.id} style={{ display: 'list-item' }}>
                  {nameOf(line.right)}
                  {line.right && <HeldBack systemId={line.right.system.id} />}
                </li>
              ))}
            </ul>
          </details>
        </li>
      )}
      {of('order', 'task').map(line => (
        <li key={`${line.subject}${line.code}${line.right?.id}`}>
          {line.what === 'task' ? <IconListCheck size={16} aria-hidden /> : <IconSend size={16} aria-hidden />}
          <span>
            {t(line.what === 'task' ? 'reports.plan.task' : 'reports.plan.order', {
              what: actionText(t, line),
              system: line.subject ?? '',
            })}
          </span>
        </li>
      ))}
      {of('mail').map(line => (
        <li key={`${line.code}${line.owner?.id}${line.state}`}>
          <IconMail size={16} aria-hidden />
          <details className={classes.fold}>
            <summary>
              {t('mails.inPlan', {
                name: line.owner?.name ?? t('people.protectedPerson'),
                subject: line.subject ?? '',
              })}
              {line.state && <span className="meta"> {t(`mails.state.${line.state as 'sent'}`)}</span>}
            </summary>
            <p style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{line.text}</p>
          </details>
        </li>
      ))}
      {notSent.size > 0 && (
        <li>
          <IconEyeOff size={16} aria-hidden />
          <details className={classes.fold}>
            <summary>{t('reports.plan.notSent', { count: notSent.size })}</summary>
            <p className="meta">{t('reports.plan.notSentHelp')}</p>
            <ul>
              {[...notSent.values()].map(line => (
                <li key={line.right?.system.id} style={{ display: 'list-item' }}>
                  {line.subject}
                </li>
              ))}
            </ul>
          </details>
        </li>
      )}
    </ul>
  )
}

const actionText = (t: Texts['t'], line: PlanLine): string =>
  t(`reports.action.${line.code as 'grant'}`, { right: line.right?.name ?? line.text ?? '' })
