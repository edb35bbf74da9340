import { Button } from '@mantine/core'
import { confirmShift, listShifts } from '#contract/lifecycle-shift.ts'
import { ShiftForm } from '../features/lifecycle/doors/shift-form.tsx'
import { ShiftTemplateForm } from '../features/lifecycle/doors/shift-template.tsx'
import classes from '../features/lifecycle/lifecycle.module.css'
import { isRefused, problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Failure } from '../ui/states.tsx'

/** A substitute for one shift, made for a phone; and those who wait for a second person. */
export function LifecycleShiftPage() {
  const { t, instant, date } = useTexts()
  const may = useMay()
  const query = useCall(listShifts, {})
  const confirm = useCommand(confirmShift, () => announce(t('doors.shift.confirmed')))
  if (isRefused(query))
    return (
      <Page title={t('doors.shift.title')}>
        <Failure error={query.error} />
      </Page>
    )
  return (
    <Page
      title={t('doors.shift.title')}
      section={t('reports.title')}
      lead={t(may('case.send') ? 'doors.shift.lead' : 'doors.shift.leadConfirm')}
      crumbs={may('case.read') ? [{ label: t('reports.title'), to: '/lifecycle/cases' }] : []}
      narrow
    >
      <Answer query={query}>
        {data => (
          <div className={classes.main}>
            {may('case.send') && <ShiftForm templates={data.templates} />}
            <Card title={t('doors.shift.waiting')}>
              {data.waiting.length === 0 ? (
                <p className="meta">{t('doors.shift.waitingNone')}</p>
              ) : (
                <ul className={classes.list}>
                  {data.waiting.map(row => (
                    <li key={row.caseId} className={classes.right}>
                      <span className={classes.rightText}>
                        <span className={classes.name}>{row.name}</span>
                        <div>{t('doors.shift.born', { date: date(row.birthDate) })}</div>
                        <div className="meta">
                          {t('doors.shift.row', { title: row.title, unit: row.unit.name, time: instant(row.endsAt) })}
                          {row.agency && ` · ${row.agency}`}
                        </div>
                      </span>
                      {row.allowed.confirm ? (
                        <Button
                          aria-label={t('doors.shift.confirmOf', { name: row.name })}
                          loading={confirm.isPending}
                          onClick={() => confirm.mutate({ params: { caseId: row.caseId }, body: {} })}
                        >
                          {t('doors.shift.confirm')}
                        </Button>
                      ) : (
                        <span className="meta">{t('doors.shift.own')}</span>
                      )}
                    </li>
                  ))}
                </ul>
              )}
              {confirm.error && <p role="alert">{t(`problem.${problemOf(confirm.error).code}`)}</p>}
            </Card>
            {may('case.confidential') && <ShiftTemplateForm />}
          </div>
        )}
      </Answer>
    </Page>
  )
}
