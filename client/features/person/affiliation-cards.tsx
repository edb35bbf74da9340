import { VisuallyHidden } from '@mantine/core'
import { IconBriefcase, IconPlaneDeparture, IconStar } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { lastDay } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Facts } from '../../ui/card.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { PersonStatus } from '../../ui/person-status.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { ValueSource } from '../../ui/value-source.tsx'
import { AffiliationAuthority } from './affiliation-authority.tsx'
import classes from './affiliation-cards.module.css'
import type { Affiliation } from './person.ts'
import { WrongHere } from './wrong-here.tsx'

/** Rights follow from affiliations, never from the person as such: each has its own card. */
export function AffiliationCards(props: {
  affiliations: readonly Affiliation[]
  full?: boolean
  /** The reader's own: they may say that something of it is wrong. */
  self?: boolean
  /** Another card beside them: what is known about the person as such. */
  beside?: ReactNode
}) {
  const { t } = useTexts()
  if (props.affiliations.length === 0 && !props.beside) return <Empty title={t('person.noAffiliation')} />
  return (
    <section aria-label={props.full ? undefined : t('person.affiliationTitle')}>
      <VisuallyHidden>
        <h2>{t('person.affiliationTitle')}</h2>
      </VisuallyHidden>
      <ul className={classes.cards} data-full={props.full || undefined}>
        {props.affiliations.map(affiliation => (
          <li key={affiliation.id} className={classes.card} data-status={affiliation.status}>
            <AffiliationCard affiliation={affiliation} full={props.full === true} />
            {props.self && (
              <WrongHere
                object={{ about: 'affiliation', affiliationId: affiliation.id }}
                what={[affiliation.title, affiliation.unit?.name].filter(Boolean).join(', ')}
              />
            )}
          </li>
        ))}
        {props.beside && <li className={classes.card}>{props.beside}</li>}
      </ul>
    </section>
  )
}

function AffiliationCard(props: { affiliation: Affiliation; full: boolean }) {
  const { t } = useTexts()
  const { affiliation: one } = props
  return (
    <article>
      <div className={classes.head}>
        <h3 className={classes.title}>
          <IconBriefcase size={16} aria-hidden />
          {one.title ?? t(`enum.affiliation.${one.kind}`)}{' '}
          {props.full && <From affiliation={one} attribute="title" label={t('field.position')} />}
        </h3>
        <span className={classes.marks}>
          {one.primary && (
            <Status tone="accent" icon={IconStar}>
              {t('person.primary')}
            </Status>
          )}
          {one.onLeave && (
            <Status tone="wait" icon={IconPlaneDeparture}>
              {one.leaveKind ? t('person.leave', { kind: one.leaveKind }) : t('person.onLeave')}
            </Status>
          )}
          <PersonStatus status={one.status} />
        </span>
      </div>
      <UnitPath affiliation={one} full={props.full} />
      <Meta affiliation={one} full={props.full} />
      {one.detailed ? props.full && <Details affiliation={one} /> : <p className="meta">{t('person.restricted')}</p>}
    </article>
  )
}

/** Who says so, beside a value. Nothing where nobody is known to. */
function From(props: { affiliation: Affiliation; attribute: string; label: string }) {
  const said = props.affiliation.authority.find(each => each.attribute === props.attribute)
  return said ? <ValueSource label={props.label} said={{ ...said, name: said.sourceName }} /> : null
}

function UnitPath(props: { affiliation: Affiliation; full: boolean }) {
  const { t } = useTexts()
  const { unit, unitPath } = props.affiliation
  const path = unitPath.length > 0 ? unitPath.slice(-3) : unit ? [unit] : []
  return (
    <p className={classes.path}>
      {path.map((step, index) => (
        <span key={step.id}>
          {index > 0 && <span className="dim"> › </span>}
          <Link to="/org/$unitId" params={{ unitId: step.id }} className="link">
            {step.name}
          </Link>
        </span>
      ))}{' '}
      {props.full && <From affiliation={props.affiliation} attribute="unit" label={t('field.unit')} />}
    </p>
  )
}

function Meta(props: { affiliation: Affiliation; full: boolean }) {
  const { t, date, percent } = useTexts()
  const { affiliation: one } = props
  const parts = [
    one.title ? t(`enum.affiliation.${one.kind}`) : null,
    one.startsOn ? t('person.periodOpen', { from: date(one.startsOn) }) : null,
    one.endsOn ? t('person.periodEnd', { to: date(lastDay(one.endsOn)) }) : null,
    one.fraction !== null ? t('person.fraction', { percent: percent(one.fraction) }) : null,
    one.schoolClass,
  ].filter(part => part !== null)
  return (
    <>
      <p className="meta">
        {parts.join(' · ')}
        {props.full && one.startsOn && <From affiliation={one} attribute="startsOn" label={t('field.startsOn')} />}
        {props.full && one.endsOn && !(one.contractEndsOn && one.contractEndsOn !== one.endsOn) && (
          <From affiliation={one} attribute="endsOn" label={t('field.endsOn')} />
        )}
        {props.full && one.fraction !== null && (
          <From affiliation={one} attribute="fraction" label={t('field.fraction')} />
        )}
      </p>
      {one.manager && (
        <p className="meta">
          {t('person.facts.manager')}: <PersonLink person={one.manager} />
          {one.managerFromUnit && ` (${t('person.managerFrom', { unit: one.managerFromUnit.name })})`}
        </p>
      )}
    </>
  )
}

function Details(props: { affiliation: Affiliation }) {
  const { t, ago, date } = useTexts()
  const { affiliation: one } = props
  const from = (attribute: string, label: string) => <From affiliation={one} attribute={attribute} label={label} />
  return (
    <div className={classes.details}>
      <Facts
        columns
        facts={[
          ...(one.employeeNo
            ? [
                {
                  label: t('person.facts.employeeNo'),
                  value: (
                    <>
                      {one.employeeNo} {from('employeeNo', t('person.facts.employeeNo'))}
                    </>
                  ),
                },
              ]
            : []),
          {
            label: t('field.position'),
            value: (
              <>
                {one.position ? one.position.name : <span className="dim">{t('person.positionUnknown')}</span>}{' '}
                {from('title', t('field.position'))}
              </>
            ),
          },
          ...(one.payUnit
            ? [
                {
                  label: t('person.payUnit'),
                  value: (
                    <>
                      {one.payUnit.name} {from('payUnit', t('person.payUnit'))}
                    </>
                  ),
                },
              ]
            : []),
          ...(one.functions.length > 0
            ? [
                {
                  label: t('field.functions'),
                  value: (
                    <>
                      {one.functions.join(', ')} {from('functions', t('field.functions'))}
                    </>
                  ),
                },
              ]
            : []),
          ...(one.contractEndsOn && one.contractEndsOn !== one.endsOn
            ? [
                {
                  label: t('matching.field.endsOn'),
                  value: (
                    <>
                      {date(lastDay(one.contractEndsOn))} {from('endsOn', t('matching.field.endsOn'))}
                    </>
                  ),
                },
              ]
            : []),
          ...(one.lastWorkingDay
            ? [
                {
                  label: t('matching.field.lastWorkingDay'),
                  value: (
                    <>
                      {date(one.lastWorkingDay)} {from('lastWorkingDay', t('matching.field.lastWorkingDay'))}
                    </>
                  ),
                },
              ]
            : []),
          ...(one.releasedFrom
            ? [
                {
                  label: t('matching.field.releasedFrom'),
                  value: (
                    <>
                      {date(one.releasedFrom)} {from('releasedFrom', t('matching.field.releasedFrom'))}
                    </>
                  ),
                },
              ]
            : []),
          ...(one.endReason ? [{ label: t('matching.endReason'), value: one.endReason }] : []),
          ...(one.leaveReason ? [{ label: t('matching.leaveReason'), value: one.leaveReason }] : []),
          ...(one.agency
            ? [
                {
                  label: t('matching.field.agency'),
                  value: (
                    <>
                      {one.agency} {from('agency', t('matching.field.agency'))}
                    </>
                  ),
                },
              ]
            : []),
          ...(one.payrollConfirmed === null
            ? []
            : [
                {
                  label: t('matching.payroll'),
                  value: t(one.payrollConfirmed ? 'matching.confirmed' : 'matching.unconfirmed'),
                },
              ]),
          ...(one.origin
            ? [
                {
                  label: t('person.facts.source'),
                  value: one.origin.sourceName,
                  note: one.origin.seenAt ? t('person.readAt', { when: ago(one.origin.seenAt) }) : undefined,
                },
              ]
            : []),
        ]}
      />
      <AffiliationAuthority affiliation={one} />
    </div>
  )
}
