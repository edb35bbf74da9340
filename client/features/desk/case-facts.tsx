import { IconShieldLock, IconUserOff, IconUsers } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getLinkCase } from '#contract/links.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Facts } from '../../ui/card.tsx'
import classes from '../../ui/desk.module.css'
import { PersonLink } from '../../ui/person-link.tsx'
import { Situation } from '../../ui/situation.tsx'
import { Status } from '../../ui/status.tsx'

export type LinkCase = ResponseOf<typeof getLinkCase>
const flagLook = {
  foundLinked: { tone: 'wait', icon: IconUsers },
  outOfScope: { tone: 'quiet', icon: IconUserOff },
  protected: { tone: 'info', icon: IconShieldLock },
  byIntent: { tone: 'quiet', icon: IconUserOff },
} as const

/** The account itself: where it stands and since when, and what its source says of it. */
export function CaseFacts(props: { account: LinkCase }) {
  const { t, language, day, number } = useTexts()
  const { account } = props
  const rule = account.kindRule?.pattern ?? account.kindRule?.ou ?? ''
  const owner = account.owner.person ?? account.owner.unit
  const facts = (['displayName', 'email', 'employeeNo', 'dn', 'description'] as const).flatMap(key => {
    const value = account[key]
    return value ? [{ label: t(`desk.facts.${key}`), value }] : []
  })
  return (
    <>
      <div className={classes.detailHead}>
        <h2>{account.username}</h2>
        <span className={classes.marks}>
          <Situation situation={account.situation} />
          {(Object.keys(flagLook) as (keyof typeof flagLook)[])
            .filter(flag => account.flags[flag])
            .map(flag => (
              <Status key={flag} {...flagLook[flag]}>
                {t(`desk.flags.${flag}`)}
              </Status>
            ))}
        </span>
      </div>
      <p className="dim">
        {account.reason && `${t(`desk.reason.${account.reason}`)}. `}
        {account.sourceName[language]}, {t('desk.since', { when: day(account.since) })}
        {account.observed > 0 && `, ${t('desk.observed', { count: account.observed })}`}.{' '}
        {account.runId && (
          <Link to="/sync/runs/$runId" params={{ runId: account.runId }} className="link">
            {t('desk.sinceRun')}
          </Link>
        )}
      </p>
      {account.usernameUsedBefore && <p>{t('desk.usernameUsedBefore')}</p>}
      <Facts
        facts={[
          ...facts,
          {
            label: t('desk.facts.kind'),
            value: t(`enum.accountKind.${account.kind}`),
            note: t(`desk.kindBy.${account.kindBy}`, { rule }),
          },
          ...(owner
            ? [
                {
                  label: t('desk.facts.owner'),
                  value: account.owner.person ? (
                    <PersonLink person={account.owner.person} />
                  ) : (
                    <Link to="/org/$unitId" params={{ unitId: owner.id }} className="link">
                      {owner.name}
                    </Link>
                  ),
                },
              ]
            : []),
          ...(account.person ? [{ label: t('field.person'), value: <PersonLink person={account.person} /> }] : []),
          { label: t('desk.facts.firstSeen'), value: day(account.firstSeenAt) },
          ...(account.goneAt ? [{ label: t('desk.facts.gone'), value: day(account.goneAt) }] : []),
          ...(account.confidence !== null && account.evidence
            ? [
                {
                  label: t('desk.facts.evidence'),
                  value: t(`desk.evidence.${account.evidence}`),
                  note: t('desk.confidence', { percent: `${number(account.confidence)} %` }),
                },
              ]
            : []),
        ]}
      />
    </>
  )
}
