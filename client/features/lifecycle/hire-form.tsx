import { useState } from 'react'
import type { Missing } from '#contract/lifecycle.ts'
import { proposeRights } from '#contract/lifecycle-desk.ts'
import { type CaseForm, type HireForm, hireForm } from '#contract/lifecycle-forms.ts'
import { lastDay } from '../../lib/formats.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { AffiliationFields } from './affiliation-fields.tsx'
import { fieldId } from './case-words.ts'
import { ChecksFields } from './checks-fields.tsx'
import { FormerRights } from './doors/former-rights.tsx'
import { FormCard } from './form-card.tsx'
import { PersonFields } from './person-fields.tsx'
import { ReportFrame } from './report-frame.tsx'
import { RightsFields } from './rights-fields.tsx'
import type { Door, Start } from './use-draft.ts'
import { useReport } from './use-report.ts'

const CARDS = ['person', 'affiliation', 'rights', 'checks'] as const
type CardName = (typeof CARDS)[number]
const cardOf = (where: string): CardName => CARDS.find(name => where.startsWith(name)) ?? 'person'

/** One page: four cards that close to a line, and beside them what will happen. Nothing is asked that is known. */
export function HireFormView(props: {
  start: Start
  door: Door
  empty: HireForm
  today: string
  /** `unit`: of the unit that stands in an empty form. */
  names: { person: string | null; sponsor: string | null; unit?: string | null }
}) {
  const { t, date } = useTexts()
  const report = useReport(props.start, props.door, props.empty)
  const { draft } = report
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
  const [text, setText] = useState('')
  const wrong = (where: string) => (told.has(cardOf(where)) ? report.wrongAt(where) : undefined)
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
  const finish = () =>
    void report.finish(missing => {
      setTold(new Set(CARDS))
      setOpen(new Set([...open, ...missing.map(one => cardOf(one.where))]))
    })
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
    <ReportFrame report={report} onFinish={finish} onJump={jump}>
      {card(
        'person',
        t('reports.person.title'),
        props.names.person ?? (`${form.person.givenName} ${form.person.familyName}`.trim() || t('reports.unknownName')),
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
          unitName={props.names.unit ?? null}
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
    </ReportFrame>
  )
}

export const emptyHire = (given: { unitId: string | null; startsOn: string | null }): HireForm =>
  hireForm.parse({ kind: 'hire', affiliation: { unitId: given.unitId, startsOn: given.startsOn } })
