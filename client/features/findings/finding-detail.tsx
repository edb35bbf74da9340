import { Tabs } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { SettleAction } from '#contract/findings.ts'
import { dataClass } from '#contract/vocabularies.ts'
import { lastDay } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Facts } from '../../ui/card.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Sensitivity } from '../../ui/sensitivity.tsx'
import { Status } from '../../ui/status.tsx'
import { Actions } from './finding-actions.tsx'
import { activityText, codeIcon, type Finding, severityTone, subjectText } from './finding-words.ts'
import classes from './findings.module.css'

/** One finding: what is known, what was done about it, and what can be. */
export function FindingDetail(props: {
  finding: Finding
  onAct: (action: SettleAction) => void
  onAssign: () => void
}) {
  const texts = useTexts()
  const { t, ago, date } = texts
  const { finding } = props
  const { system, entitlement, unit } = finding
  return (
    <>
      <div className={classes.head}>
        <h2>
          {subjectText(texts, finding)}
          {entitlement && !finding.account && `: ${entitlement.name}`}
        </h2>
        <div className={classes.marks}>
          <Status tone={severityTone[finding.severity]} icon={codeIcon[finding.code]}>
            {t(`findings.code.${finding.code}`)}
          </Status>
          <span className="meta">
            {t(`findings.state.${finding.exception && finding.state === 'closed' ? 'exception' : finding.state}`)}
          </span>
          {entitlement && <Sensitivity sensitivity={entitlement.sensitivity} long />}
          {finding.overdue && (
            <Status tone="bad" icon={codeIcon.dormant}>
              {t('findings.overdue')}
            </Status>
          )}
        </div>
        <p>{t(`findings.what.${finding.code}`)}</p>
      </div>
      <Facts
        columns
        facts={[
          ...(finding.person
            ? [{ label: t('findings.columns.person'), value: <PersonLink person={finding.person} /> }]
            : finding.account
              ? [
                  {
                    label: t('findings.columns.person'),
                    value: `${finding.account.username} (${finding.account.sourceName?.[texts.language] ?? finding.account.source})`,
                  },
                ]
              : []),
          ...(unit || finding.title
            ? [{ label: t('findings.columns.where'), value: [finding.title, unit?.name].filter(Boolean).join(', ') }]
            : []),
          ...(system
            ? [
                {
                  label: t('findings.columns.system'),
                  value: (
                    <Link to="/systems/$systemId" params={{ systemId: system.id }} className="link">
                      {system.name}
                    </Link>
                  ),
                },
              ]
            : []),
          ...(system && entitlement
            ? [
                {
                  label: t('findings.columns.right'),
                  // The page of the right: who holds it, and how many its licence has room for.
                  value: (
                    <Link
                      to="/systems/$systemId/rights/$entitlementId"
                      params={{ systemId: system.id, entitlementId: entitlement.id }}
                      className="link"
                    >
                      {entitlement.name}
                    </Link>
                  ),
                },
              ]
            : []),
          ...(finding.activity
            ? [
                {
                  label: t('findings.activity'),
                  value: (
                    <Link to="/activities/$activityId" params={{ activityId: finding.activity.id }} className="link">
                      {activityText(finding.activity)}
                    </Link>
                  ),
                },
              ]
            : []),
          {
            label: t('findings.columns.owner'),
            value: finding.ownerPerson ? (
              <PersonLink person={finding.ownerPerson} />
            ) : (
              t(system ? 'findings.noOwner' : 'findings.owner.it')
            ),
          },
          ...(finding.assignee
            ? [{ label: t('findings.assignee'), value: <PersonLink person={finding.assignee} /> }]
            : []),
          { label: t('findings.columns.since'), value: ago(finding.since) },
          ...(finding.exception
            ? [
                {
                  label: t('findings.state.exception'),
                  value: t('findings.exceptionUntil', { date: date(lastDay(finding.exception.until)) }),
                },
                ...(finding.exception.owner
                  ? [{ label: t('findings.exceptionOwner'), value: <PersonLink person={finding.exception.owner} /> }]
                  : []),
              ]
            : []),
          ...(finding.until && !finding.exception
            ? [{ label: t('findings.until'), value: date(lastDay(finding.until)) }]
            : []),
          ...(finding.order
            ? [{ label: t('findings.fileColumns.order'), value: t(`findings.removalStage.${finding.order.stage}`) }]
            : []),
          ...(finding.reason ? [{ label: t('findings.columns.reason'), value: finding.reason }] : []),
        ]}
      />
      <Actions {...props} />
      <Tabs defaultValue="evidence" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="evidence">{t('findings.tabs.evidence')}</Tabs.Tab>
          <Tabs.Tab value="activity">{t('findings.tabs.activity')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="evidence" pt={12}>
          <Evidence finding={finding} />
        </Tabs.Panel>
        <Tabs.Panel value="activity" pt={12}>
          <Activity finding={finding} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

/** What the data are in the words of the law: CPR and offences are no special categories. */
const classesOf = (why = '') => dataClass.options.filter(one => why.split(',').includes(one))

function Evidence({ finding }: { finding: Finding }) {
  const { t, date, language } = useTexts()
  const { detail, paths } = finding
  return (
    <div className={classes.head}>
      {detail.of !== undefined && (
        <p>
          {t(detail.why === 'alike' ? 'findings.evidence.alike' : 'findings.evidence.peers', {
            holders: detail.holders ?? 0,
            of: detail.of,
          })}
        </p>
      )}
      {detail.cap !== undefined && (
        <p>{t('findings.evidence.cap', { holders: detail.holders ?? 0, cap: detail.cap })}</p>
      )}
      {finding.code === 'no-condition' || finding.code === 'sensitivity-above' || finding.code === 'data-not-stated' ? (
        <p>
          {t('findings.evidence.classes', {
            classes: classesOf(detail.why)
              .map(one => t(`findings.dataClass.${one}`))
              .join(', '),
          })}
        </p>
      ) : null}
      {detail.terms && (
        <p>{t('findings.evidence.terms', { terms: detail.terms.map(one => one[language]).join(', ') })}</p>
      )}
      {detail.names && <p>{t('findings.evidence.names', { names: detail.names.join(', ') })}</p>}
      {detail.copies !== undefined && <p>{t('findings.evidence.copies', { count: detail.copies })}</p>}
      {detail.words !== undefined && <p>{t('findings.evidence.words', { words: detail.words })}</p>}
      {detail.stated !== undefined ? (
        <p>
          {t('findings.evidence.stated', {
            stated: t(`findings.stated.${detail.stated}`),
            holders: detail.holders ?? 0,
          })}
        </p>
      ) : (
        detail.holders !== undefined &&
        detail.of === undefined &&
        detail.cap === undefined && <p>{t('findings.evidence.holders', { holders: detail.holders })}</p>
      )}
      {detail.limits && <p>{t('findings.evidence.limits', { limits: detail.limits.join(', ') })}</p>}
      {detail.until && <p>{t('findings.evidence.until', { date: date(lastDay(detail.until)) })}</p>}
      {finding.entitlement && finding.person && (
        <>
          <h3>{t('findings.evidence.paths')}</h3>
          {paths.length === 0 && <p className="dim">{t('findings.evidence.none')}</p>}
          <ul className={classes.paths}>
            {paths.map(path => (
              <li key={`${path.accountId}${path.groups.join()}`}>
                {path.groups.length === 0 ? (
                  t('findings.evidence.listed', { username: path.username })
                ) : (
                  <>
                    <div className={classes.groups}>{[path.username, ...path.groups].join(' → ')}</div>
                    <div className="meta">{t('findings.evidence.aim', { group: path.groups[0] ?? '' })}</div>
                  </>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Activity({ finding }: { finding: Finding }) {
  const texts = useTexts()
  const { t, date } = texts
  const names: Record<string, string> = texts.all.findings.history
  return (
    <ol className={classes.history}>
      {finding.history.map(event => (
        <li key={`${event.at}${event.action}`}>
          <div>
            {names[event.action] ?? event.action}
            {event.until && ` · ${t('findings.until')} ${date(lastDay(event.until))}`}
          </div>
          {event.reason && <div>{event.reason}</div>}
          <div className="meta">
            {[event.by ?? t('findings.bySystem'), texts.instant(event.at)].filter(Boolean).join(' · ')}
          </div>
        </li>
      ))}
    </ol>
  )
}
