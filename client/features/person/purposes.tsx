import { IconScale, IconShieldLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { BoundPurpose, RightPurpose } from '#contract/purposes.ts'
import { useMay } from '../../lib/session.ts'
import { basisText } from '../../texts/basis-text.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'
import type { PersonData, Right } from './person.ts'
import classes from './purposes.module.css'

/** What the register says that the right is for: one sentence that says why, and what is reached by it. */
export function Purposes(props: { page: PersonData; right: Right }) {
  const { t } = useTexts()
  const purposes = purposesOf(props.page, props.right)
  if (purposes.length === 0) return null
  return (
    <section className={classes.purposes} aria-label={`${t('why.hjemmel')}: ${props.right.name}`}>
      <h3>
        <IconScale size={16} aria-hidden />
        {t('why.hjemmel')}
      </h3>
      {purposes.map(purpose => (
        <Purpose key={purpose.bindingId} purpose={purpose} />
      ))}
    </section>
  )
}

type Told = BoundPurpose & RightPurpose

/** What the register says that a right is for, with how it fits the person. */
export const purposesOf = (page: PersonData, right: Right): Told[] =>
  right.purposes.flatMap(one => {
    const said = page.purposes.find(other => other.bindingId === one.bindingId)
    return said ? [{ ...said, ...one }] : []
  })

function Purpose(props: { purpose: Told }) {
  const { t, language } = useTexts()
  const may = useMay()
  const { purpose } = props
  const name = (term: { da: string; en: string }) => (language === 'da' ? term.da : term.en)
  const guarded = purpose.data.filter(one => one.class !== null && one.class in GUARDED)
  const ordinary = purpose.data.filter(one => !guarded.includes(one))
  return (
    <article className={classes.purpose}>
      <p>
        <Sentence purpose={purpose} />
      </p>
      <p className={classes.necessity}>{purpose.necessity}</p>
      {purpose.data.length > 0 && (
        <dl className={classes.reach}>
          <dt>{t('why.bound.data')}</dt>
          <dd>
            {guarded.map(one => (
              <Status
                key={one.code}
                tone="protected"
                icon={IconShieldLock}
                title={t(GUARDED[one.class as keyof typeof GUARDED])}
              >
                {name(one)}
              </Status>
            ))}
            {ordinary.map(name).join(', ')}
          </dd>
          {purpose.subjects.length > 0 && (
            <>
              <dt>{t('why.bound.subjects')}</dt>
              <dd>{purpose.subjects.map(name).join(', ')}</dd>
            </>
          )}
        </dl>
      )}
      {purpose.wider && <p className={classes.lack}>{t('why.bound.wider')}</p>}
      {!purpose.activity.confirmed && <p className="dim">{t('why.bound.unconfirmed')}</p>}
      {may('activity.read') && (
        <Link to="/activities/$activityId" params={{ activityId: purpose.activity.id }} className="link">
          {t('why.bound.open', { activity: purpose.activity.ref })}
        </Link>
      )}
    </article>
  )
}

/** Data that need protection, named as what they are: only Art. 9 is called sensitive. */
const GUARDED = {
  special: 'why.bound.class.special',
  criminal: 'why.bound.class.criminal',
  cpr: 'why.bound.class.cpr',
  confidential: 'why.bound.class.confidential',
} as const

/** Why the right may be held, who agreed to that, and when it is looked at again. */
function Sentence({ purpose }: { purpose: Told }): string {
  const { t, date } = useTexts()
  const basis = [
    ...purpose.provisions.map(one => [one.law, one.section].filter(Boolean).join(' ')),
    ...[purpose.art6, ...purpose.art9].filter(code => code !== null).map(code => basisText(t, code)),
  ]
  const values = {
    activity: purpose.activity.name,
    purpose: purpose.purpose.name,
    basis: basis.length > 0 ? basis.join(', ') : t('why.bound.noBasis'),
    units: purpose.units.join(', '),
    kle: purpose.kle.join(', '),
    yes: agreed(t, date, purpose),
  }
  if (purpose.performs === false) return t('why.bound.notPerformed', values)
  if (purpose.units.length === 0) return t('why.bound.plain', values)
  return t(purpose.kle.length > 0 ? 'why.bound.performs' : 'why.bound.performsPlain', values)
}

function agreed(t: Texts['t'], date: Texts['date'], { approvedOn, approvedBy, reviewOn }: Told): string {
  if (approvedOn === null) return ''
  const role = approvedBy?.function
  const who = [role && t(`role.${role as 'it'}`, { defaultValue: role }), approvedBy?.unit].filter(Boolean).join(', ')
  const on = { date: date(approvedOn) }
  return [
    who === '' ? t('why.bound.approved', on) : t('why.bound.approvedBy', { ...on, who }),
    reviewOn === null ? '' : t('why.bound.review', { date: date(reviewOn) }),
  ].join('')
}
