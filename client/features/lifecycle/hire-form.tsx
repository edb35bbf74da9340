import { Alert, Button } from '@mantine/core'
import { IconCircleCheck, IconCloudOff, IconDeviceFloppy } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Missing, prepareCase, sendCase } from '#contract/lifecycle.ts'
import { proposeRights } from '#contract/lifecycle-desk.ts'
import { type CaseForm, type HireForm, hireForm } from '#contract/lifecycle-forms.ts'
import { problemOf } from '../../lib/call.ts'
import { lastDay } from '../../lib/formats.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { AffiliationFields } from './affiliation-fields.tsx'
import { fieldId, missingText } from './case-words.ts'
import { ChecksFields } from './checks-fields.tsx'
import { FormerRights } from './doors/former-rights.tsx'
import { FormCard } from './form-card.tsx'
import classes from './lifecycle.module.css'
import { PersonFields } from './person-fields.tsx'
import { PlanPanel } from './plan-panel.tsx'
import { RightsFields } from './rights-fields.tsx'
import { type Door, type Start, useDraft } from './use-draft.ts'

const CARDS = ['person', 'affiliation', 'rights', 'checks'] as const
type CardName = (typeof CARDS)[number]
const cardOf = (where: string): CardName => CARDS.find(name => where.startsWith(name)) ?? 'person'

/** One page: four cards that close to a line, and beside them what will happen. Nothing is asked that is known. */
export function HireFormView(props: {
  start: Start
  door: Door
  empty: HireForm
  today: string
  names: { person: string | null; sponsor: string | null }
}) {
  const { t, date, time } = useTexts()
  const may = useMay()
  const navigate = useNavigate()
  const draft = useDraft(props.start, props.door, props.empty)
  const form = draft.form as HireForm
  const change = (next: HireForm) => draft.change(next as CaseForm)
  const known = draft.missing.length > 0 || draft.saved !== null
  const isMissing = (card: CardName) => draft.missing.some(one => cardOf(one.where) === card)
  const [open, setOpen] = useState<ReadonlySet<CardName>>(() => {
    const left = (card: CardName) => !props.start || props.start.saved.missing.some(one => cardOf(one.where) === card)
    // What rules propose rests on the unit and the position: it is looked at once these stand.
    return new Set(
      CARDS.filter(card => card !== 'checks' && (left(card) || (card === 'rights' && left('affiliation')))),
    )
  })
  const [told, setTold] = useState<ReadonlySet<CardName>>(new Set())
  const [tries, setTries] = useState(0)
  const [text, setText] = useState('')
  const wrong = (where: string) => {
    const one = told.has(cardOf(where)) ? draft.missing.find(each => each.where === where) : undefined
    return one && missingText(t, one)
  }
  const { affiliation } = form
  const proposals = useCall(
    proposeRights,
    {
      body: {
        kind: affiliation.kind,
        unitId: affiliation.unitId ?? '',
        title: affiliation.title,
        on: affiliation.startsOn,
        hours: affiliation.hours,
        chosen: form.rights.map(one => one.entitlementId),
        text,
      },
    },
    { enabled: affiliation.unitId !== null, keep: true },
  )
  const send = useCommand(sendCase, () => {
    announce(t('reports.sent'))
    void navigate({ to: '/lifecycle/$caseId', params: { caseId: draft.idNow() ?? '' } })
  })
  const prepare = useCommand(prepareCase, () => {
    announce(t('reports.prepared'))
    void navigate({ to: '/lifecycle/$caseId', params: { caseId: draft.idNow() ?? '' } })
  })
  const show = (card: CardName) => setOpen(new Set([...open, card]))
  const jump = (where: string) => {
    show(cardOf(where))
    setTold(new Set([...told, cardOf(where)]))
    setTimeout(() => document.getElementById(fieldId(where))?.focus(), 30)
  }
  const done = async (card: CardName) => {
    if (draft.idNow() === null) change(form)
    const missing: readonly Missing[] = (await draft.flush())?.missing ?? draft.missing
    setTold(new Set([...told, card]))
    const first = missing.find(one => cardOf(one.where) === card)
    if (first || draft.idNow() === null) return first && jump(first.where)
    setOpen(new Set([...open].filter(one => one !== card)))
    const next = CARDS.find(one => one !== card && open.has(one))
    setTimeout(
      () => document.querySelector<HTMLElement>(`[data-card="${next ?? 'send'}"] :is(input, select, button)`)?.focus(),
      30,
    )
  }
  const finish = async () => {
    // Nothing typed yet: what is missing is all of it, and the server says so of a draft.
    if (draft.idNow() === null) change(form)
    const saved = await draft.flush()
    // Not kept: the form says why.
    if (saved === null && draft.idNow() !== null) return
    const missing = saved?.missing ?? draft.missing
    setTold(new Set(CARDS))
    setTries(tries + 1)
    const id = draft.idNow()
    if (missing.length > 0) setOpen(new Set([...open, ...missing.map(one => cardOf(one.where))]))
    else if (id !== null) {
      const input = { params: { caseId: id }, body: { version: saved?.version ?? draft.version } }
      if (may('case.send')) send.mutate(input)
      else prepare.mutate(input)
    }
  }
  const failed = send.error ?? prepare.error
  const errors = tries === 0 ? [] : draft.missing.map(one => ({ field: fieldId(one.where), text: missingText(t, one) }))
  const fields = { form, change, wrong }
  const given = proposals.data?.given.length ?? 0
  const card = (name: CardName, title: string, summary: string, children: React.ReactNode) => (
    <div data-card={name}>
      <FormCard
        title={title}
        summary={summary}
        open={open.has(name) || (known && isMissing(name) && told.has(name))}
        empty={name === 'checks' && !form.checks.childrenCertificate && !form.checks.authorisation && form.note === ''}
        onOpen={() => show(name)}
        onDone={() => void done(name)}
      >
        {children}
      </FormCard>
    </div>
  )
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <ErrorSummary
          key={tries}
          errors={errors.length > 0 ? errors : failed ? [{ text: t(`problem.${problemOf(failed).code}`) }] : []}
        />
        {draft.state === 'conflict' && (
          <Alert color="yellow" title={t('reports.conflictTitle')} role="alert">
            <p>{t('reports.conflictHelp')}</p>
            <Button variant="default" size="xs" mt={8} onClick={() => window.location.reload()}>
              {t('reports.conflictLoad')}
            </Button>
          </Alert>
        )}
        {draft.state === 'refused' && draft.problem && (
          <Alert color="red" role="alert" title={t(`problem.${draft.problem as 'case-about-self'}`)} />
        )}
        {card(
          'person',
          t('reports.person.title'),
          props.names.person ??
            (`${form.person.givenName} ${form.person.familyName}`.trim() || t('reports.unknownName')),
          <PersonFields
            {...fields}
            saved={draft.saved}
            caseId={draft.id}
            typeNumber={draft.typeNumber}
            chosenName={props.names.person}
          />,
        )}
        {card(
          'affiliation',
          t('reports.affiliation.title'),
          [
            affiliation.title,
            draft.saved?.unit?.name,
            affiliation.startsOn && date(affiliation.startsOn),
            affiliation.endsOn && t('reports.plan.until', { date: date(lastDay(affiliation.endsOn)) }),
          ]
            .filter(Boolean)
            .join(' · '),
          <AffiliationFields
            {...fields}
            saved={draft.saved}
            titles={proposals.data?.titles ?? []}
            positionKnown={affiliation.title === '' || !proposals.data ? null : proposals.data.position !== null}
            sponsorName={props.names.sponsor}
            today={props.door === 'emergency' ? props.today : null}
          />,
        )}
        {card(
          'rights',
          t('reports.rights.title'),
          t('reports.rights.summary', { count: given, chosen: String(form.rights.length) }),
          <>
            {form.person.personId !== null && <FormerRights personId={form.person.personId} />}
            <RightsFields
              rights={form.rights}
              onChange={rights => change({ ...form, rights })}
              wrong={wrong}
              proposals={proposals.data}
              text={text}
              onText={setText}
            />
          </>,
        )}
        {card(
          'checks',
          t('reports.checks.title'),
          [
            form.checks.childrenCertificate && t('reports.checks.childrenCertificate'),
            form.checks.authorisation && t('reports.checks.authorisation'),
          ]
            .filter(Boolean)
            .join(' · ') || t('reports.checks.none'),
          <ChecksFields form={form} change={change} />,
        )}
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
            {draft.state === 'failed' ? (
              <>
                <IconCloudOff size={14} aria-hidden /> {t('reports.notSaved')}
              </>
            ) : draft.state === 'saving' || draft.state === 'waiting' ? (
              <>
                <IconDeviceFloppy size={14} aria-hidden /> {t('reports.saving')}
              </>
            ) : draft.saved ? (
              <>
                <IconCircleCheck size={14} aria-hidden /> {t('reports.saved', { time: time(draft.saved.updatedAt) })}
              </>
            ) : null}
          </span>
        </div>
      </div>
    </div>
  )
}

export const emptyHire = (given: { unitId: string | null; startsOn: string | null }): HireForm =>
  hireForm.parse({ kind: 'hire', affiliation: { unitId: given.unitId, startsOn: given.startsOn } })
