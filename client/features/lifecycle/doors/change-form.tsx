import type { ReactNode } from 'react'
import type { AbsenceForm, CaseForm, EndForm, MoveForm } from '#contract/lifecycle-forms.ts'
import { getReportedSubject } from '#contract/lifecycle-subject.ts'
import { useCall } from '../../../lib/query.ts'
import { useSession } from '../../../lib/session.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { fieldId } from '../case-words.ts'
import classes from '../lifecycle.module.css'
import { ReportFrame } from '../report-frame.tsx'
import type { Door, Start } from '../use-draft.ts'
import { useReport } from '../use-report.ts'
import { AbsenceFields, AbsenceTakenBack } from './absence-fields.tsx'
import { DelegatedFields } from './delegated-fields.tsx'
import { EndDays, type EndDoor } from './end-fields.tsx'
import { HeldRights, LeftBehindFields } from './leaver-fields.tsx'
import { MoveFields } from './move-fields.tsx'
import { MoveRights } from './move-rights.tsx'
import type { PartProps, Subject } from './subject.ts'
import { SubjectFields } from './subject-fields.tsx'

type ChangeForm = MoveForm | AbsenceForm | EndForm
type People = readonly { id: string; name: string | null }[]

/** A report about an affiliation that is there: who, what, and for an end everything that hangs on the person. */
export function ChangeFormView(props: {
  start: Start
  door: Door
  empty: ChangeForm
  unitName: string | null
  people: People
}) {
  const { t } = useTexts()
  const { actor } = useSession()
  const report = useReport(props.start, props.door, props.empty)
  const { draft, tries } = report
  const form = draft.form as ChangeForm
  const change = (next: ChangeForm) => draft.change(next as CaseForm)
  const { affiliationId } = form
  const subject = useCall(
    getReportedSubject,
    { params: { affiliationId: affiliationId ?? '' } },
    { enabled: affiliationId !== null },
  )
  const known = affiliationId === null ? undefined : subject.data
  const jump = (where: string) => setTimeout(() => document.getElementById(fieldId(where))?.focus(), 30)
  const wrong = (where: string) => (tries > 0 ? report.wrongAt(where) : undefined)
  const part = { wrong, subject: known, hr: actor?.roles.includes('hr') ?? false, people: props.people }
  return (
    <ReportFrame report={report} onFinish={() => void report.finish()} onJump={jump}>
      <Card title={t('doors.about')}>
        <div className={classes.fields}>
          <SubjectFields
            affiliationId={affiliationId}
            subject={known}
            error={wrong('affiliationId')}
            onChange={id => change({ ...form, affiliationId: id })}
          />
        </div>
      </Card>
      <Parts form={form} change={change} door={props.door} unitName={props.unitName} {...part} />
    </ReportFrame>
  )
}

function Parts(props: Omit<PartProps<ChangeForm>, 'form'> & { form: ChangeForm; door: Door; unitName: string | null }) {
  const { t } = useTexts()
  const { form, change, door, unitName, ...rest } = props
  if (form.kind === 'move')
    return (
      <>
        <Box title={t('doors.what')}>
          <MoveFields {...rest} form={form} change={change} unitName={unitName} />
        </Box>
        {form.affiliationId !== null && (
          <Box title={t('reports.rights.title')} fold={t('doors.moreRights', { count: form.rights.length })}>
            <MoveRights {...rest} form={form} change={change} />
          </Box>
        )}
      </>
    )
  if (form.kind === 'absence')
    return (
      <Box title={t('doors.what')}>
        {door === 'withdraw' ? (
          <AbsenceTakenBack {...rest} form={form} change={change} />
        ) : (
          <AbsenceFields {...rest} form={form} change={change} />
        )}
      </Box>
    )
  const end = { ...rest, form, change }
  return (
    <>
      <Box title={t('doors.what')}>
        <EndDays {...end} door={door as EndDoor} />
      </Box>
      {door === 'plain' && !form.death && <Leaver {...end} />}
    </>
  )
}

function Leaver(props: PartProps<EndForm>) {
  const { t } = useTexts()
  return (
    <>
      <Box title={t('doors.held')} fold={heldText(t, props.subject?.held)}>
        <HeldRights subject={props.subject} />
      </Box>
      <Box title={t('doors.delegated')}>
        <DelegatedFields {...props} />
      </Box>
      <Box title={t('doors.mailbox')}>
        <LeftBehindFields {...props} />
      </Box>
    </>
  )
}

/** Nothing to unfold before somebody is chosen, nor where there is nothing. */
const heldText = (t: ReturnType<typeof useTexts>['t'], held: Subject['held'] | undefined): string | undefined =>
  held && held.length > 0
    ? t('doors.heldSummary', {
        count: held.length,
        systems: String(new Set(held.map(one => one.right.system.id)).size),
      })
    : undefined

function Box(props: { title: string; fold?: string | undefined; children: ReactNode }) {
  return (
    <Card title={props.title}>
      {props.fold === undefined ? (
        <div className={classes.fields}>{props.children}</div>
      ) : (
        <details className={classes.fold}>
          <summary>{props.fold}</summary>
          {props.children}
        </details>
      )}
    </Card>
  )
}
