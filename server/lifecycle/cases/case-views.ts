import type { ResponseOf } from '#contract/endpoint.ts'
import type { CasePage, createCase, Missing } from '#contract/lifecycle.ts'
import type { CaseForm } from '#contract/lifecycle-forms.ts'
import { personRefSql, unitRefSql, visibleTo } from '../../access/visible.ts'
import { maskCpr } from '../../people/cpr.ts'
import { readMaskedCpr } from '../../people/cpr-store.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { approvalRows } from './approval-views.ts'
import { openNumber } from './carry-out-case.ts'
import { extrasOf, isOpen, isPaid, isSecret, namedIn, peopleIn } from './case.ts'
import { readable } from './case-checks.ts'
import { mayWith, stageSql } from './case-sql.ts'
import type { Loaded } from './case-store.ts'
import { payrollSheet } from './payroll-sheet.ts'
import { planView } from './plan-view.ts'

type Parts = {
  keyring: Keyring
  today: string
  /** Where links in mails lead. */
  publicUrl: string
  userNames(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
}
type Saved = Omit<ResponseOf<typeof createCase>, 'id'>

/** What a draft is after it was kept: what is missing, and what follows from what was typed. */
export async function savedView(
  tx: Tx,
  actor: Actor,
  { one }: Loaded,
  missing: Missing[],
  parts: Pick<Parts, 'keyring'>,
): Promise<Saved> {
  const { unit, manager } = await placeOf(tx, actor, one.unitId)
  return {
    ...numberOf(one, parts),
    version: one.version,
    updatedAt: one.updatedAt.toISOString(),
    missing,
    unit,
    manager,
  }
}

function numberOf(one: Loaded['one'], parts: Pick<Parts, 'keyring'>): Pick<Saved, 'cprMasked' | 'replacement'> {
  const digits = readable(openNumber(parts, one))
  // Replacement numbers have 60 added to the day (cpr.ts).
  return { cprMasked: digits && maskCpr(digits), replacement: digits !== null && Number(digits.slice(0, 2)) > 60 }
}

async function placeOf(
  tx: Tx,
  actor: Actor,
  unitId: string | null,
): Promise<Pick<Saved, 'unit' | 'manager'> & { key: string | null }> {
  if (unitId === null) return { unit: null, manager: null, key: null }
  const q = statement()
  const shown = visibleTo(actor, q).name('m')
  const [row] = await tx.query<Pick<Saved, 'unit' | 'manager'> & { key: string }>(
    `select ${unitRefSql('u')} as unit, ${personRefSql('m', shown)} as manager, u.key from org_unit_current u
     left join person_current m on m.person_id = u.manager_person_id where u.unit_id = ${q.bind(unitId, 'uuid')}`,
    q.params,
  )
  return row ?? { unit: null, manager: null, key: null }
}

/** One report with all that hangs on it. */
export async function casePageView(
  tx: Tx,
  actor: Actor,
  loaded: Loaded,
  missing: Missing[],
  parts: Parts,
): Promise<CasePage> {
  const { one, unitPath } = loaded
  const may = (action: 'change' | 'send' | 'conceal') => mayWith(actor, action, one, unitPath)
  const head = await headOf(tx, actor, one.id, parts.today, formRefs(one.form))
  const place = await placeOf(tx, actor, one.unitId)
  const approvals = await approvalRows(tx, actor, { caseId: one.id })
  const history = await tx.query<{ at: Date; by: string | null; what: string; reason: string | null }>(
    `select at, user_id as by, what, detail ->> 'reason' as reason from lifecycle_case_event
     where case_id = $1 order by at desc, id desc`,
    [one.id],
  )
  const users = await parts.userNames(tx, [
    ...one.named,
    ...[one.author, one.sentBy].flatMap(id => id ?? []),
    ...history.flatMap(event => event.by ?? []),
  ])
  const user = (id: string | null) => (id === null ? null : (users.get(id) ?? null))
  const open = isOpen(one)
  // A protected name is for HR and the own manager, in a draft too.
  const hidden = !may('change') && one.form.kind === 'hire' && one.form.person.protected
  const seesReason = actor.roles.includes('hr') || may('send') || (one.author !== null && one.author === actor.userId)
  const form: CaseForm =
    hidden && one.form.kind === 'hire'
      ? { ...one.form, person: { ...one.form.person, givenName: '', familyName: '' } }
      : seesReason
        ? one.form
        : withoutReason(one.form)
  const written = namedIn(form)
  const sent = one.statedAt !== null && one.personId !== null && one.affiliationId !== null
  const number = numberOf(one, parts)
  const masked =
    number.cprMasked ??
    (sent && actor.roles.includes('hr') ? await readMaskedCpr(tx, parts.keyring, one.personId!) : null)
  const names = head.visible ? head.parts : written
  const sheet = payrollSheet(one.form, {
    name: { given: names.givenName, family: names.familyName },
    unit: place.unit && place.key ? { key: place.key, name: place.unit.name } : null,
    manager: place.manager?.name ?? null,
    cprMasked: masked,
  })
  return {
    id: one.id,
    kind: one.kind,
    door: one.door,
    state: one.state,
    stage: head.stage,
    origin: one.origin,
    about: {
      personId: head.visible ? one.personId : null,
      name: head.visible ? head.name : `${written.givenName} ${written.familyName}`.trim() || null,
      protected: head.protected || written.protected,
    },
    affiliationId: one.affiliationId,
    effectiveOn: one.effectiveOn,
    confidential: one.confidential,
    releasedAt: one.releasedAt?.toISOString() ?? null,
    deadline: one.deadline,
    named: one.named.map(id => ({ userId: id, name: user(id) ?? id })),
    author: user(one.author),
    createdAt: one.createdAt.toISOString(),
    preparedAt: one.preparedAt?.toISOString() ?? null,
    sentAt: one.sentAt?.toISOString() ?? null,
    sentBy: user(one.sentBy),
    version: one.version,
    updatedAt: one.updatedAt.toISOString(),
    missing: open ? missing : [],
    unit: place.unit,
    manager: place.manager,
    ...number,
    cprMasked: masked,
    form,
    rights: head.rights,
    sponsor: head.sponsor,
    people: head.people,
    plan: sent
      ? await planView(
          tx,
          one,
          {
            personId: one.personId!,
            affiliationId: one.affiliationId!,
            made: head.made,
            from: one.effectiveOn ?? parts.today,
          },
          { actor, today: parts.today, publicUrl: parts.publicUrl, approvals },
        )
      : [],
    approvals,
    payroll: {
      state:
        one.form.kind !== 'hire' || !isPaid(one.form.affiliation.kind)
          ? 'not-payroll'
          : !sent
            ? 'not-sent'
            : head.confirmed
              ? 'confirmed'
              : 'waiting',
      sheet,
    },
    history: history.map(event => ({ ...event, at: event.at.toISOString(), by: user(event.by) })),
    allowed: {
      change: open && may('change'),
      prepare: one.state === 'draft' && may('change') && !may('send'),
      send: open && may('send'),
      withdraw: open && may('change'),
      copy: may('change'),
      conceal: open && may('conceal'),
      release: isSecret(one) && one.state !== 'withdrawn' && may('conceal'),
    },
  }
}

/** Why somebody is away or leaves, and as what, is for HR, the own manager and whoever wrote it; others see effect and date. */
const withoutReason = (form: CaseForm): CaseForm =>
  form.kind === 'absence'
    ? { ...form, absence: 'other', reason: '', note: '', exceptions: [] }
    : form.kind === 'end'
      ? { ...form, reason: '', note: '', death: false, atOnce: false }
      : form

/** What a form names by id, for one statement to look up. */
const formRefs = (form: CaseForm) => ({
  rights: extrasOf(form),
  affiliation: { sponsorPersonId: form.kind === 'hire' ? form.affiliation.sponsorPersonId : null },
  people: peopleIn(form),
})

type Head = Pick<CasePage, 'stage' | 'rights' | 'sponsor' | 'people'> & {
  name: string | null
  parts: { givenName: string; familyName: string }
  protected: boolean
  /** The reader may know of the person, not only of the report. */
  visible: boolean
  made: boolean
  confirmed: boolean
}

/** What the report names, in one statement. */
async function headOf(
  tx: Tx,
  actor: Actor,
  id: string,
  today: string,
  form: ReturnType<typeof formRefs>,
): Promise<Head> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const [row] = await tx.query<Head>(
    `select ${stageSql('c', q.bind(today, 'date'))} as stage, case when ${shown} then p.name end as name,
       jsonb_build_object('givenName', case when ${shown} then p.given_name else '' end,
         'familyName', case when ${shown} then p.family_name else '' end) as parts,
       coalesce(p.protected, false) as protected, p.person_id is not null and ${may.person('p')} as visible,
       exists (select from person_key k where k.source = 'report' and k.key = c.id::text)
         and not exists (select from fact f where f.subject_id = c.person_id and f.source <> 'report') as made,
       exists (select from affiliation_current ac where ac.affiliation_id = c.affiliation_id and ac.source <> 'report')
         or exists (select from affiliation a where a.merged_into = c.affiliation_id)
         or exists (select from affiliation a where a.id = c.affiliation_id and a.merged_into is not null) as confirmed,
       case when ${may.person('sp')} then ${personRefSql('sp', may.name('sp'))} end as sponsor,
       coalesce((select json_agg(jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name,
           'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name), 'sensitivity', e.sensitivity,
           'privileged', e.privileged, 'takes', to_jsonb(e.constraints)) order by s.name, e.name)
         from entitlement e join it_system s on s.id = e.system_id
         where e.id = any(${q.bind(
           form.rights.map(one => one.entitlementId),
           'uuid[]',
         )})), '[]') as rights,
       coalesce((select json_agg(${personRefSql('w', may.name('w'))}) from person_current w
         where w.person_id = any(${q.bind(form.people, 'uuid[]')}) and ${may.person('w')}), '[]') as people
     from lifecycle_case c left join person_current p on p.person_id = c.person_id
     left join person_current sp on sp.person_id = ${q.bind(form.affiliation.sponsorPersonId, 'uuid')}
     where c.id = ${q.bind(id, 'uuid')}`,
    q.params,
  )
  return row as Head
}
