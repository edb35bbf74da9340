import { Alert } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { type CasePage, getCase } from '#contract/lifecycle.ts'
import { CaseValues } from '../features/hr/case-values.tsx'
import { ApprovalLines } from '../features/lifecycle/approval-lines.tsx'
import { CaseActions } from '../features/lifecycle/case-actions.tsx'
import { missingText, STAGES } from '../features/lifecycle/case-words.ts'
import { useChangeFacts } from '../features/lifecycle/doors/change-facts.ts'
import classes from '../features/lifecycle/lifecycle.module.css'
import { PayrollCard } from '../features/lifecycle/payroll-card.tsx'
import { PlanDays } from '../features/lifecycle/plan-days.tsx'
import { dayOf, lastDay } from '../lib/formats.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card, Facts } from '../ui/card.tsx'
import { HoldHere } from '../ui/hold-here.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Answer } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/lifecycle/$caseId')

/** One report: what it says, what follows from it by date, what waits, what payroll types, and its history. */
export function LifecycleCasePage() {
  const { t } = useTexts()
  const { caseId } = route.useParams()
  const query = useCall(getCase, { params: { caseId } })
  const page = query.data
  const kind = page ? t(`reports.kind.${page.kind}`) : t('reports.title')
  const name = page?.about.name ?? (page?.about.protected ? t('people.protectedPerson') : t('reports.unknownName'))
  const look = page && STAGES[page.stage]
  return (
    <Page
      title={page ? `${kind}: ${name}` : kind}
      documentTitle={kind}
      section={t('reports.title')}
      crumbs={[{ label: t('reports.title'), to: '/lifecycle/cases' }]}
      badges={
        page && look ? (
          <Status tone={look.tone} icon={look.icon}>
            {t(`reports.stage.${page.stage}`)}
          </Status>
        ) : undefined
      }
      actions={
        page ? (
          <>
            <CaseActions key={page.version} page={page} />
            <HoldHere of={{ kind: 'case', id: page.id, name }} />
          </>
        ) : undefined
      }
      waiting={!page}
    >
      <Answer query={query}>{data => <CaseBody page={data} name={name} />}</Answer>
    </Page>
  )
}

function CaseBody(props: { page: CasePage; name: string }) {
  const { t, date, instant, number } = useTexts()
  const { page } = props
  const { form } = page
  const changes = useChangeFacts()
  const hire = form.kind === 'hire' ? form : null
  return (
    <>
      {page.confidential && page.releasedAt === null && (
        <Alert color="violet" icon={<IconLock size={18} aria-hidden />}>
          {t('reports.secretNote')}
        </Alert>
      )}
      {page.missing.length > 0 && (
        <Alert color="yellow" title={t('reports.missing.title')}>
          <ul className={classes.list}>
            {page.missing.map(one => (
              <li key={`${one.where}${one.what}`}>{missingText(t, one)}</li>
            ))}
          </ul>
        </Alert>
      )}
      <div className={classes.columns}>
        <div className={classes.main}>
          <Card title={t('reports.page.plan')}>
            {page.plan.length === 0 ? (
              <p className="meta">{t('reports.page.planNone')}</p>
            ) : (
              <PlanDays plan={page.plan} today={dayOf(new Date().toISOString())} />
            )}
          </Card>
          {page.approvals.length > 0 && (
            <Card title={t('reports.page.approvals')}>
              <ApprovalLines rows={page.approvals} nameOf={() => props.name} />
            </Card>
          )}
          {page.kind === 'hire' && <PayrollCard payroll={page.payroll} name={page.about.name} />}
          {page.affiliationId !== null && page.sentAt !== null && <CaseValues caseId={page.id} />}
        </div>
        <div className={classes.main}>
          <Card title={t('reports.page.facts')}>
            <Facts
              columns
              facts={[
                ...(page.about.personId
                  ? [
                      {
                        label: t('reports.person.title'),
                        value: (
                          <PersonLink
                            person={{ id: page.about.personId, name: page.about.name, protected: page.about.protected }}
                          />
                        ),
                      },
                    ]
                  : []),
                ...(page.cprMasked
                  ? [
                      {
                        label: t('reports.page.number'),
                        value: page.cprMasked,
                        ...(page.replacement ? { note: t('reports.person.replacement') } : {}),
                      },
                    ]
                  : []),
                ...(hire
                  ? [
                      {
                        label: t('reports.affiliation.kind'),
                        value: t(`reports.affiliation.kinds.${hire.affiliation.kind}`),
                      },
                    ]
                  : []),
                { label: t('reports.affiliation.unit'), value: page.unit?.name ?? '–' },
                ...(hire ? [{ label: t('reports.affiliation.position'), value: hire.affiliation.title || '–' }] : []),
                {
                  label: t('reports.page.manager'),
                  value: page.manager ? <PersonLink person={page.manager} /> : t('reports.affiliation.noManager'),
                },
                ...(hire
                  ? [
                      {
                        label: t('reports.page.on'),
                        value: hire.affiliation.startsOn ? date(hire.affiliation.startsOn) : '–',
                      },
                      ...(hire.affiliation.endsOn
                        ? [{ label: t('reports.page.until'), value: date(lastDay(hire.affiliation.endsOn)) }]
                        : []),
                      ...(hire.affiliation.hours === null
                        ? []
                        : [{ label: t('reports.page.hours'), value: number(hire.affiliation.hours) }]),
                      ...(page.sponsor
                        ? [{ label: t('reports.affiliation.sponsor'), value: <PersonLink person={page.sponsor} /> }]
                        : []),
                      ...(['childrenCertificate', 'authorisation'] as const).flatMap(name => {
                        const seen = hire.checks[name]
                        return seen
                          ? [{ label: t(`reports.checks.${name}`), value: `${date(seen.seenOn)}, ${seen.seenBy}` }]
                          : []
                      }),
                      ...(hire.note ? [{ label: t('reports.checks.note'), value: hire.note }] : []),
                    ]
                  : changes(form)),
                { label: t('reports.page.author'), value: page.author ?? t('reports.page.system') },
                ...(page.sentBy ? [{ label: t('reports.page.sentBy'), value: page.sentBy }] : []),
              ]}
            />
          </Card>
          <Card title={t('reports.page.history')}>
            <ol className={classes.list}>
              {page.history.map(event => (
                <li key={`${event.at}${event.what}`} className={classes.right}>
                  <div className={classes.rightText}>
                    <div className={classes.name}>{t(`reports.page.event.${event.what as 'sent'}`)}</div>
                    <div className="meta">
                      {t('reports.page.historyBy', {
                        when: instant(event.at),
                        name: event.by ?? t('reports.page.system'),
                      })}
                    </div>
                    {event.reason && <div>{event.reason}</div>}
                  </div>
                </li>
              ))}
            </ol>
          </Card>
        </div>
      </div>
    </>
  )
}
