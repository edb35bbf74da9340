import {
  IconBriefcase,
  IconClipboardList,
  IconCornerDownRight,
  IconEyeCheck,
  IconEyeOff,
  IconEyeX,
  IconHandStop,
  IconKey,
  IconPlayerPause,
  IconPlayerPlay,
  IconPuzzle,
  IconQuestionMark,
  IconUser,
  IconUserOff,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { lastDay } from '../../lib/formats.ts'
import { constraintText } from '../../texts/field-text.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import { FactLine } from '../../ui/fact-line.tsx'
import classes from './chain.module.css'
import type { Affiliation, Because, ObservedPath, PersonData, Right, SystemRights } from './person.ts'

/**
 * One ground for a right, from the person down to what the system shows, one card per link. Read from the top it says
 * why the right should be; its last link says whether it is.
 */
export function Chain(props: { page: PersonData; system: SystemRights; right: Right; because: Because }) {
  const { because, right, page } = props
  const affiliation = page.affiliations.find(one => one.id === because.affiliationId)
  const broken = right.observed ? undefined : 'broken'
  return (
    <ol className={classes.chain}>
      <PersonStep page={page} />
      {affiliation && <AffiliationStep affiliation={affiliation} />}
      {because.grant ? (
        <GrantStep grant={because.grant} />
      ) : (
        <>
          <RuleStep because={because} />
          <RoleSteps because={because} />
        </>
      )}
      <RightStep system={props.system} right={right} next={broken} />
      <ObservedStep system={props.system} right={right} />
    </ol>
  )
}

/** A right that no rule gives: all that is known is how the account came to it. */
export function UnexplainedChain(props: { page: PersonData; system: SystemRights; right: Right }) {
  const { t, date } = useTexts()
  const { exception } = props.right
  return (
    <ol className={classes.chain}>
      <PersonStep page={props.page} next="broken" />
      <Step
        icon={<IconQuestionMark size={16} aria-hidden />}
        tone={exception ? 'wait' : 'bad'}
        title={t(exception ? 'why.exceptionTitle' : 'why.unexplainedTitle')}
        next="broken"
      >
        <p className="dim">
          {exception
            ? t('why.exceptionHelp', { date: date(lastDay(exception.until)), reason: exception.reason })
            : t('why.unexplainedHelp')}
        </p>
        <Decision right={props.right} />
      </Step>
      <RightStep system={props.system} right={props.right} />
      <ObservedStep system={props.system} right={props.right} />
    </ol>
  )
}

function Step(props: {
  icon: ReactNode
  title: ReactNode
  tone?: 'bad' | 'wait' | 'quiet' | undefined
  next?: 'broken' | undefined
  children?: ReactNode
}) {
  return (
    <li className={classes.step} data-next={props.next}>
      <span className={classes.dot} data-tone={props.tone}>
        {props.icon}
      </span>
      <div className={classes.body}>
        <div className={classes.title}>{props.title}</div>
        {props.children}
      </div>
    </li>
  )
}

function PersonStep(props: { page: PersonData; next?: 'broken' }) {
  const { t } = useTexts()
  const { person } = props.page
  const origin = person.origins.familyName ?? Object.values(person.origins)[0]
  return (
    <Step
      icon={<IconUser size={16} aria-hidden />}
      title={person.name ?? t('people.protectedPerson')}
      {...(props.next ? { next: props.next } : {})}
    >
      <p className="dim">
        {t(`enum.personKind.${person.kind}`)}
        {origin && ` · ${t('timeline.source', { source: origin.sourceName })}`}
      </p>
    </Step>
  )
}

function AffiliationStep(props: { affiliation: Affiliation }) {
  const { t, date } = useTexts()
  const { affiliation: one } = props
  const kind = t(`enum.affiliation.${one.kind}`)
  const unit = one.unit?.name
  return (
    <Step
      icon={<IconBriefcase size={16} aria-hidden />}
      title={
        unit
          ? one.title
            ? t('why.affiliationStep', { title: one.title, unit })
            : t('why.affiliationNoTitle', { kind, unit })
          : (one.title ?? kind)
      }
    >
      <p className="dim">
        {[
          kind,
          one.startsOn ? t('person.periodOpen', { from: date(one.startsOn) }) : null,
          one.endsOn ? t('person.periodEnd', { to: date(lastDay(one.endsOn)) }) : null,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </Step>
  )
}

/** What somebody decided for this one affiliation: what kind of decision, why, who, and until when. */
function GrantStep(props: { grant: NonNullable<Because['grant']> }) {
  const { t, date, instant } = useTexts()
  const { grant } = props
  return (
    <Step icon={<IconHandStop size={16} aria-hidden />} title={t(`why.grant.${grant.kind}`)}>
      <p className="dim">
        {[
          grant.kind === 'grace' ? null : grant.reason,
          grant.by ? t('why.grantBy', { name: grant.by }) : null,
          grant.expiresAt
            ? t('why.grantUntil', { date: instant(grant.expiresAt) })
            : grant.until
              ? t('why.grantUntil', { date: date(lastDay(grant.until)) })
              : null,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </Step>
  )
}

function RuleStep(props: { because: Because }) {
  const { t } = useTexts()
  const { because } = props
  return (
    <Step
      icon={<IconClipboardList size={16} aria-hidden />}
      title={
        <Link to="/rules/$key" params={{ key: because.ruleKey }} className="link">
          {because.ruleName}
        </Link>
      }
    >
      <p className="dim">
        {t('why.version', { version: String(because.ruleVersion) })} ·{' '}
        {because.ruleOwner ? t('why.owner', { owner: because.ruleOwner }) : t('why.noOwner')}
      </p>
      <ul className={classes.facts} aria-label={t('why.factsTrue')}>
        {because.matched.length === 0 ? (
          <FactLine met>{t('why.always')}</FactLine>
        ) : (
          factsToShow(because.matched).map(fact => (
            <FactLine
              key={`${fact.field}${fact.value}`}
              met
              condition={
                fact.value === ''
                  ? { field: fact.field, op: 'exists', values: ['false'] }
                  : { field: fact.field, op: 'eq', values: [fact.value] }
              }
            />
          ))
        )}
      </ul>
    </Step>
  )
}

function RoleSteps(props: { because: Because }) {
  const { t } = useTexts()
  const { rolePath } = props.because
  const [first, ...rest] = rolePath
  if (!first) return null
  return (
    <Step
      icon={<IconPuzzle size={16} aria-hidden />}
      title={
        <Link to="/roles/$key" params={{ key: first.key }} className="link">
          {t('why.rolePath', { name: first.name })}
        </Link>
      }
    >
      {rest.length > 0 && (
        <ul className={classes.groups}>
          {rest.map(role => (
            <li key={role.key}>
              <IconCornerDownRight size={14} aria-hidden />
              <Link to="/roles/$key" params={{ key: role.key }} className="link">
                {role.name}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Step>
  )
}

function RightStep(props: { system: SystemRights; right: Right; next?: 'broken' | undefined }) {
  const { t, day } = useTexts()
  const { right, system } = props
  return (
    <Step
      icon={<IconKey size={16} aria-hidden />}
      next={props.next}
      title={
        <Link to="/systems/$systemId" params={{ systemId: system.system.id }} className="link">
          {system.system.name}: {right.name}
        </Link>
      }
    >
      {right.description && <p className="dim">{right.description}</p>}
      <p className="dim">
        {right.constraints.length === 0
          ? t('why.noLimits')
          : right.constraints.map((one, index) => (
              <Fragment key={`${one.kind}${one.values.join()}`}>
                {index > 0 && '; '}
                {constraintText(t, one.kind)}
                {one.values.length > 0 && `: ${one.values.join(', ')}`}
              </Fragment>
            ))}
        {right.since && ` · ${t('why.since', { date: day(right.since) })}`}
      </p>
      {/* It is held wider than it was given; where it is not given or not held, the step that says so says this too. */}
      {right.expected && right.observed && right.state !== 'still-held' && <Decision right={right} />}
    </Step>
  )
}

/** What was decided where what is there is not what was given: how it ends is as much a part of it as how it came. */
function Decision({ right }: { right: Right }) {
  const { t, date, day } = useTexts()
  if (!right.decision) return null
  const { state, reason, on, until } = right.decision
  const when = state === 'accepted' && until ? date(lastDay(until)) : on ? day(on) : ''
  return (
    <p>
      {t(`why.decision.${state}`, { when })}
      {reason && `: ${reason}`}
    </p>
  )
}

function ObservedStep(props: { system: SystemRights; right: Right }) {
  const { t } = useTexts()
  const { right } = props
  if (right.state === 'not-read')
    return (
      <Step icon={<IconEyeOff size={16} aria-hidden />} tone="quiet" title={t('why.notRead')}>
        <p className="dim">{t('why.notReadHelp')}</p>
      </Step>
    )
  if (right.state === 'no-account')
    return (
      <Step icon={<IconUserOff size={16} aria-hidden />} tone="quiet" title={t('why.noAccount')}>
        <p className="dim">{t('why.noAccountHelp')}</p>
      </Step>
    )
  if (right.state === 'suspended')
    return (
      <Step
        icon={<IconPlayerPause size={16} aria-hidden />}
        tone="quiet"
        title={t(`why.suspended.${right.suspended ?? 'absence'}`)}
      >
        <p className="dim">{t('why.suspendedHelp')}</p>
      </Step>
    )
  if (!right.observed)
    return (
      <Step icon={<IconEyeX size={16} aria-hidden />} tone="wait" title={t('why.notSeen')}>
        <p className="dim">{t('why.notSeenHelp')}</p>
        <Decision right={right} />
      </Step>
    )
  return (
    <>
      {right.state === 'still-held' && (
        <Step
          icon={<IconPlayerPlay size={16} aria-hidden />}
          tone="bad"
          title={t(`why.stillHeld.${right.suspended ?? 'absence'}`)}
        >
          <p className="dim">{t('why.stillHeldHelp')}</p>
          <Decision right={right} />
        </Step>
      )}
      {right.paths.map(path => (
        <PathStep key={`${path.account.id}${path.groups.join()}${path.through}`} path={path} />
      ))}
    </>
  )
}

function PathStep(props: { path: ObservedPath }) {
  const { t, day, date } = useTexts()
  const { path } = props
  return (
    <Step icon={<IconEyeCheck size={16} aria-hidden />} title={t('why.account', { username: path.account.username })}>
      {path.groups.length > 0 && (
        <ol className={classes.groups} aria-label={t('why.groupPath')}>
          {path.groups.map(group => (
            <li key={group}>
              <IconCornerDownRight size={14} aria-hidden />
              {group}
            </li>
          ))}
        </ol>
      )}
      {path.through && <p>{t('why.through', { right: path.through })}</p>}
      {path.listed && <p className="dim">{t('why.listed')}</p>}
      {path.limits.length > 0 && <p className="dim">{t('why.listedLimits', { limits: path.limits.join(', ') })}</p>}
      <p className="dim">
        {t('why.firstSeen', { date: day(path.firstSeen) })} · {t('why.lastSeen', { date: day(path.lastSeen) })}
      </p>
      {path.used && <p className="dim">{usedText(t, date, path.used)}</p>}
    </Step>
  )
}

/** The day for who may know it, for others only whether it is long ago. */
function usedText(t: Texts['t'], date: (civil: string) => string, used: NonNullable<ObservedPath['used']>): string {
  const right = used.of === 'right'
  if (used.on) return t(right ? 'person.use.usedRight' : 'person.use.usedAccount', { on: date(used.on) })
  if (used.unused90) return t(right ? 'person.use.unusedRight' : 'person.use.unusedAccount')
  return t(right ? 'person.use.recentRight' : 'person.use.recentAccount')
}

/** A fact that is empty speaks only where nothing else does: it comes from a condition that says what must not be. */
function factsToShow(matched: Because['matched']): Because['matched'] {
  const filled = matched.filter(fact => fact.value !== '')
  return filled.length > 0 ? filled : matched
}
