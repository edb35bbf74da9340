import { Alert, Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { prepareCase, sendCase } from '#contract/lifecycle.ts'
import type { AbsenceForm, CaseForm, EndForm, MoveForm } from '#contract/lifecycle-forms.ts'
import { getReportedSubject } from '#contract/lifecycle-subject.ts'
import { problemOf } from '../../../lib/call.ts'
import { useCall, useCommand } from '../../../lib/query.ts'
import { useMay, useSession } from '../../../lib/session.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { announce } from '../../../ui/announcer.tsx'
import { Card } from '../../../ui/card.tsx'
import { ErrorSummary } from '../../../ui/error-summary.tsx'
import { fieldId, missingText } from '../case-words.ts'
import classes from '../lifecycle.module.css'
import { PlanPanel } from '../plan-panel.tsx'
import { type Door, type Start, useDraft } from '../use-draft.ts'
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
  const { t, time } = useTexts()
  const may = useMay()
  const { actor } = useSession()
  const navigate = useNavigate()
  const draft = useDraft(props.start, props.door, props.empty)
  const form = draft.form as ChangeForm
  const change = (next: ChangeForm) => draft.change(next as CaseForm)
  const [tries, setTries] = useState(0)
  const { affiliationId } = form
  const subject = useCall(
    getReportedSubject,
    { params: { affiliationId: affiliationId ?? '' } },
    { enabled: affiliationId !== null },
  )
  const known = affiliationId === null ? undefined : subject.data
  const open = () => void navigate({ to: '/lifecycle/$caseId', params: { caseId: draft.idNow() ?? '' } })
  const send = useCommand(sendCase, () => {
    announce(t('reports.sent'))
    open()
  })
  const prepare = useCommand(prepareCase, () => {
    announce(t('reports.prepared'))
    open()
  })
  const jump = (where: string) => setTimeout(() => document.getElementById(fieldId(where))?.focus(), 30)
  const finish = async () => {
    if (draft.idNow() === null) change(form)
    const saved = await draft.flush()
    const id = draft.idNow()
    setTries(tries + 1)
    if (saved === null || id === null || saved.missing.length > 0) return
    const input = { params: { caseId: id }, body: { version: saved.version } }
    if (may('case.send')) send.mutate(input)
    else prepare.mutate(input)
  }
  const failed = send.error ?? prepare.error
  const wrong = (where: string) => {
    const one = tries > 0 ? draft.missing.find(each => each.where === where) : undefined
    return one && missingText(t, one)
  }
  const errors = tries === 0 ? [] : draft.missing.map(one => ({ field: fieldId(one.where), text: missingText(t, one) }))
  const part = { wrong, subject: known, hr: actor?.roles.includes('hr') ?? false, people: props.people }
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <ErrorSummary
          key={tries}
          errors={errors.length > 0 ? errors : failed ? [{ text: t(`problem.${problemOf(failed).code}`) }] : []}
        />
        {draft.state === 'conflict' && (
          <Alert color="yellow" title={t('reports.conflictTitle')} role="alert">
            {t('reports.conflictHelp')}
          </Alert>
        )}
        {draft.state === 'refused' && draft.problem && (
          <Alert color="red" role="alert" title={t(`problem.${draft.problem as 'case-about-self'}`)} />
        )}
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
      </div>
      <div className={classes.standing}>
        <PlanPanel
          paused={send.isPending || send.isSuccess}
          caseId={draft.id}
          version={draft.version}
          missing={draft.missing}
          onJump={jump}
        />
        <div className={`${classes.bar} ${classes.mobileBar}`} data-card="send">
          <Button onClick={() => void finish()} loading={send.isPending || prepare.isPending}>
            {may('case.send') ? t('reports.send') : t('reports.prepare')}
          </Button>
          <span className={classes.state} role="status">
            {draft.state === 'failed'
              ? t('reports.notSaved')
              : draft.state === 'saving' || draft.state === 'waiting'
                ? t('reports.saving')
                : draft.saved
                  ? t('reports.saved', { time: time(draft.saved.updatedAt) })
                  : null}
          </span>
        </div>
      </div>
    </div>
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
