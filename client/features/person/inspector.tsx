import { ActionIcon, Button } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconShieldHalf } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { lastDay } from '../../lib/formats.ts'
import { useMay } from '../../lib/session.ts'
import { needTexts, useTexts } from '../../texts/i18n.ts'
import { BindingsHere } from '../../ui/bindings-here.tsx'
import { Sensitivity } from '../../ui/sensitivity.tsx'
import { Waiting } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { Chain, UnexplainedChain } from './chain.tsx'
import classes from './inspector.module.css'
import type { PersonData, Right, SystemRights } from './person.ts'
import { Purposes, purposesOf } from './purposes.tsx'
import { RightState } from './right-state.tsx'
import { WhyNot } from './why-not.tsx'
import { WrongHere } from './wrong-here.tsx'

/** "Hvorfor har … …?": origin, purpose and end always together, then every ground as a chain. */
export function Inspector(props: {
  page: PersonData
  system: SystemRights
  right: Right
  inline?: boolean
  /** More than one explanation may stand on a page. */
  id?: string
  onMove?: (step: -1 | 1) => void
  onEscape?: () => void
}) {
  const { t } = useTexts()
  const may = useMay()
  const { page, right, system } = props
  const name = page.person.name ?? t('why.person')
  const values = { name, right: right.name, system: system.system.name }
  const question = page.self
    ? t(right.observed || right.state === 'not-read' ? 'why.questionSelf' : 'why.questionSelfMissing', values)
    : t(right.observed ? 'why.question' : 'why.questionMissing', values)
  const grounds = right.because
  const id = props.id ?? 'why'
  return (
    <aside
      id={id}
      className={classes.inspector}
      data-inline={props.inline || undefined}
      aria-labelledby={`${id}-title`}
      onKeyDown={event => event.key === 'Escape' && props.onEscape?.()}
    >
      <div className={classes.head}>
        <h2 id={`${id}-title`}>{question}</h2>
        {props.onMove && (
          <div style={{ display: 'flex', flex: 'none' }} className="no-print">
            <ActionIcon
              size="md"
              variant="subtle"
              color="gray"
              aria-label={t('why.previous')}
              onClick={() => props.onMove?.(-1)}
            >
              <IconChevronUp size={18} aria-hidden />
            </ActionIcon>
            <ActionIcon
              size="md"
              variant="subtle"
              color="gray"
              aria-label={t('why.next')}
              onClick={() => props.onMove?.(1)}
            >
              <IconChevronDown size={18} aria-hidden />
            </ActionIcon>
          </div>
        )}
      </div>
      <div className={classes.chips}>
        <RightState state={right.state} />
        <Sensitivity sensitivity={right.sensitivity} long />
        {right.privileged && (
          <Status tone="wait" icon={IconShieldHalf}>
            {t('person.privileged')}
          </Status>
        )}
      </div>
      <OriginPurposeEnd page={page} right={right} />
      <Purposes page={page} right={right} />
      {may('binding.read') && <SaidOf key={right.key} right={right} system={system} />}
      {grounds.length > 1 && (
        <p className={classes.several}>
          {t('why.severalGrounds', {
            count: grounds.length,
            name: page.self ? t('why.you') : name,
            rest: t(grounds.length === 2 ? 'why.restOther' : 'why.restOthers'),
          })}
        </p>
      )}
      {grounds.map((because, index) => (
        <section
          key={`${because.grant?.id ?? because.ruleKey}${because.affiliationId}${because.rolePath.map(role => role.key).join()}`}
          aria-label={[
            t('why.chain'),
            system.system.name,
            right.name,
            ...(grounds.length > 1 ? [t('why.ground', { n: index + 1, total: grounds.length })] : []),
          ].join(', ')}
        >
          {grounds.length > 1 && (
            <h3 className={classes.ground}>{t('why.ground', { n: index + 1, total: grounds.length })}</h3>
          )}
          <Chain page={page} system={system} right={right} because={because} />
        </section>
      ))}
      {grounds.length === 0 && <Unexplained {...props} />}
      {page.self && (
        <WrongHere
          object={{ about: 'right', entitlementId: right.entitlementId }}
          what={`${right.name}, ${system.system.name}`}
        />
      )}
      {may('system.holders') && right.observed && <AllPaths key={right.key} right={right} />}
    </aside>
  )
}

function Unexplained(props: { page: PersonData; system: SystemRights; right: Right }) {
  const { t } = useTexts()
  const [asked, setAsked] = useState<string | null>(null)
  const { page, right } = props
  return (
    <>
      <section aria-label={[t('why.chain'), props.system.system.name, right.name].join(', ')}>
        <UnexplainedChain page={page} system={props.system} right={right} />
      </section>
      {asked === right.key ? (
        <WhyNot personId={page.person.id} entitlement={right.key} />
      ) : (
        <Button variant="default" className="no-print" onClick={() => setAsked(right.key)}>
          {t('why.whyNot')}
        </Button>
      )}
    </>
  )
}

/** Comes with texts of its own, when somebody asks for it. */
const RightPaths = lazy(async () => {
  await needTexts('entitlements')()
  const { RightPaths } = await import('./right-paths.tsx')
  return { default: RightPaths }
})

function AllPaths(props: { right: Right }) {
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const { right } = props
  if (right.paths.length === 0) return null
  return (
    <section className="no-print">
      <Button variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'why.hidePaths' : 'why.allPaths')}
      </Button>
      {open && (
        <Suspense fallback={<Waiting />}>
          {right.paths.map(path => (
            <RightPaths key={path.account.id} accountId={path.account.id} entitlementId={right.entitlementId} />
          ))}
        </Suspense>
      )}
    </section>
  )
}

/** What is said of why this very holding is right, and a way to say it; read when somebody asks. */
function SaidOf(props: { right: Right; system: SystemRights }) {
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const { right } = props
  const affiliationId = right.because[0]?.affiliationId
  const { entitlementId } = right
  return (
    <section className="no-print">
      <Button variant="default" size="xs" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'why.bound.hideSaid' : 'why.bound.showSaid')}
      </Button>
      {open && (
        <BindingsHere
          level={3}
          asked={{ entitlement: entitlementId, ...(affiliationId ? { affiliation: affiliationId } : {}) }}
          object={
            affiliationId
              ? { level: 'assignment', affiliationId, entitlementId }
              : { level: 'entitlement', entitlementId }
          }
          what={`${right.name}, ${props.system.system.name}`}
        />
      )}
    </section>
  )
}

function OriginPurposeEnd(props: { page: PersonData; right: Right }) {
  const { t, date } = useTexts()
  const { right } = props
  // What the register says counts; until it says anything, what the rule's owner wrote does.
  const bound = purposesOf(props.page, right).map(one => `${one.purpose.name} (${one.activity.name})`)
  const told = right.because.map(because => because.purpose).filter(purpose => purpose !== null)
  const purposes = [...new Set(bound.length > 0 ? bound : told)]
  const rules = [
    ...new Set(right.because.map(because => (because.grant ? t(`why.grant.${because.grant.kind}`) : because.ruleName))),
  ]
  const explained = rules.length > 0
  const end = right.until
    ? t(END_TEXT[right.untilBecause ?? 'affiliation'], { date: date(lastDay(right.until)) })
    : t(explained ? 'why.endOpen' : 'why.endUnknown')
  return (
    <dl className={classes.three}>
      <div data-lack={!explained || undefined}>
        <dt>{t('why.origin')}</dt>
        <dd>{explained ? rules.join(', ') : t('why.originUnknown')}</dd>
      </div>
      <div data-lack={purposes.length === 0 || undefined}>
        <dt>{t('why.purpose')}</dt>
        <dd>{purposes.length > 0 ? purposes.join(', ') : t('why.purposeNone')}</dd>
      </div>
      <div>
        <dt>{t('why.end')}</dt>
        <dd>{end}</dd>
      </div>
    </dl>
  )
}

const END_TEXT = { rule: 'why.endRule', affiliation: 'why.endAffiliation', grant: 'why.endGrant' } as const
