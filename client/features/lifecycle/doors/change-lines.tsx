import {
  IconArrowRight,
  IconBox,
  IconHandStop,
  IconKey,
  IconMailbox,
  IconMinus,
  IconPlayerPause,
  IconPlus,
  IconUser,
  IconUserShare,
} from '@tabler/icons-react'
import type { PlanLine } from '#contract/lifecycle.ts'
import { lastDay } from '../../../lib/formats.ts'
import { useTexts } from '../../../texts/i18n.ts'
import classes from '../lifecycle.module.css'

const RIGHTS = [
  ['kept', IconKey],
  ['gained', IconPlus],
  ['lost', IconMinus],
  ['rest', IconPlayerPause],
  ['observed', IconHandStop],
] as const
const HEADS = {
  moved: 'moved',
  changed: 'changed',
  beside: 'beside',
  back: 'back',
  away: 'away',
  returns: 'returns',
  'not-away': 'not-away',
  ends: 'ends',
  never: 'never',
  extended: 'extended',
  postponed: 'postponed',
  'goes-on': 'goes-on',
} as const

/** What a move, an absence or an end does on one day. */
export function ChangeLines(props: { lines: readonly PlanLine[] }) {
  const { t, date } = useTexts()
  const of = (what: PlanLine['what']) => props.lines.filter(line => line.what === what)
  const who = (line: PlanLine) =>
    line.owner ? (line.owner.name ?? t('people.protectedPerson')) : t('doors.plan.nobody')
  return (
    <>
      {of('change').map(line => (
        <li key={line.code}>
          <IconUser size={16} aria-hidden />
          <span>
            {t(`doors.plan.${HEADS[line.code as keyof typeof HEADS]}`, {
              name: line.subject ?? t('people.protectedPerson'),
              unit: line.text ?? '',
            })}
            {line.until && ` ${t('reports.plan.until', { date: date(lastDay(line.until)) })}`}
            {line.state && <span className="meta"> {t('doors.plan.cutover', { hour: line.state })}</span>}
          </span>
        </li>
      ))}
      {of('inform').map(line => (
        <li key={line.code}>
          <IconArrowRight size={16} aria-hidden />
          <span>
            {t(line.code === 'manager-to' ? 'doors.plan.informTo' : 'doors.plan.informFrom', { name: who(line) })}
          </span>
        </li>
      ))}
      {RIGHTS.map(([what, Sign]) => {
        const lines = of(what)
        if (lines.length === 0) return null
        return (
          <li key={what}>
            <Sign size={16} aria-hidden />
            <details className={classes.fold} open={what !== 'kept' && lines.length <= 6}>
              <summary>{t(`doors.plan.${what}`, { count: lines.length })}</summary>
              <ul>
                {lines.map(line => (
                  <li key={line.right?.id} style={{ display: 'list-item' }}>
                    {line.right && `${line.right.system.name}: ${line.right.name}`}
                    {what === 'lost' && (
                      <span className="meta">
                        {' '}
                        {line.until
                          ? t('doors.plan.grace', { date: date(lastDay(line.until)) })
                          : t('doors.plan.atOnce')}
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            </details>
          </li>
        )
      })}
      {of('mailbox').map(line => (
        <li key={`${line.code}${line.subject}`}>
          <IconMailbox size={16} aria-hidden />
          <span>
            {line.code === 'closed'
              ? t('doors.plan.mailboxClosed')
              : line.code === 'representative'
                ? t('doors.plan.mailboxHr')
                : line.owner || line.text
                  ? t('doors.plan.mailboxRead', {
                      name: [line.owner && who(line), line.text].filter(Boolean).join(', '),
                    })
                  : t('doors.plan.mailboxAnswers')}
            {line.until && ` ${t('doors.plan.mailboxUntil', { date: date(lastDay(line.until)) })}`}
            {line.code !== 'representative' && <Carried line={line} />}
          </span>
        </li>
      ))}
      {of('files').map(line => (
        <li key={`${line.code}${line.subject}`}>
          <IconUserShare size={16} aria-hidden />
          <span>
            {t(line.code === 'drive' ? 'doors.plan.drive' : 'doors.plan.cases', { name: who(line) })}
            <Carried line={line} />
          </span>
        </li>
      ))}
      {[...Map.groupBy(of('return'), line => line.owner?.id ?? '')].map(([id, [first, ...more]]) => (
        <li key={`return${id}`}>
          <IconBox size={16} aria-hidden />
          {first && more.length === 0 ? (
            <span>{t('doors.plan.equipment', { what: first.subject ?? '', name: who(first) })}</span>
          ) : (
            first && (
              <details className={classes.fold}>
                <summary>{t('doors.plan.equipmentMany', { count: more.length + 1, name: who(first) })}</summary>
                <ul>
                  {[first, ...more].map(line => (
                    <li key={line.subject} style={{ display: 'list-item' }}>
                      {line.subject}
                    </li>
                  ))}
                </ul>
              </details>
            )
          )}
        </li>
      ))}
      {of('handover').map(line => {
        const what = `${t(`doors.handover.${line.code as 'system'}`)} ${line.subject ?? ''}`
        const how = line.state === 'settled' ? 'handoverDone' : line.state === 'named' ? 'handoverTo' : 'handoverOpen'
        return (
          <li key={`${line.code}${line.subject}`}>
            <IconUserShare size={16} aria-hidden />
            <span>{t(`doors.plan.${how}`, { what, name: who(line) })}</span>
          </li>
        )
      })}
    </>
  )
}

/** Which system is asked, or that none is: nobody is told then, and it says so. */
function Carried({ line }: { line: PlanLine }) {
  const { t } = useTexts()
  return (
    <span className="meta">
      {' '}
      {line.state === 'nobody' || line.subject === null
        ? t('doors.plan.carriedByNone')
        : line.state === 'not-sent'
          ? t('doors.plan.carriedUntold', { system: line.subject })
          : line.state === 'done' || line.state === 'verified'
            ? t('doors.plan.carriedDone', { system: line.subject })
            : t('doors.plan.carriedBy', { system: line.subject })}
    </span>
  )
}
