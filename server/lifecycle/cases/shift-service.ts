import { hireForm } from '#contract/lifecycle-forms.ts'
import { catchUp } from '../../access/access-store.ts'
import { addGrants } from '../../access/grants/grant-store.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import type { PolicyRecords } from '../../policy/subjects.ts'
import { addDays, approvalNeeded } from './case.ts'
import type { CaseContext } from './case-checks.ts'
import { createCase, sendCase, stateSent } from './case-service.ts'
import { rightFacts } from './limits-view.ts'

/** A shift is no week: what lasts longer is a hire. */
const LONGEST_HOURS = 24

export type Asked = {
  templateId: string
  givenName: string
  familyName: string
  birthDate: string
  agency: string
  endsAt: string
}
type Template = { id: string; unitId: string; unitPath: string[]; title: string; entitlementIds: string[] }

/**
 * A substitute for one shift. Only asked for: nobody is made and nothing is given before somebody else on duty has seen
 * that they are there. Throws `data-invalid` for an end that is past, or further away than a shift is long.
 */
export async function startShift(tx: Tx, asked: Asked, ctx: CaseContext): Promise<{ caseId: string }> {
  const template = await loadTemplate(tx, asked.templateId)
  if (!template || !mayAt(ctx, template, 'send')) throw problem('not-found')
  const { now, today } = ctx.when
  const endsAt = new Date(asked.endsAt)
  const hours = (endsAt.getTime() - now.getTime()) / 3_600_000
  if (!(hours > 0 && hours <= LONGEST_HOURS))
    throw problem('data-invalid', {
      detail: `A shift ends within ${LONGEST_HOURS} hours.`,
      errors: [{ where: 'endsAt', what: 'within-a-day' }],
    })
  const form = hireForm.parse({
    kind: 'hire',
    person: { givenName: asked.givenName, familyName: asked.familyName, birthDate: asked.birthDate },
    affiliation: {
      kind: 'temp',
      unitId: template.unitId,
      title: template.title,
      startsOn: today,
      endsOn: addDays(dayOf(endsAt), 1),
      hourlyPaid: true,
      organisation: asked.agency,
    },
  })
  const { one } = await createCase(tx, { door: 'vikar', form }, ctx)
  await tx.query(
    `insert into shift_cover (case_id, unit_id, template_id, ends_at, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6)`,
    [one.id, template.unitId, template.id, endsAt, ctx.actor.userId, now],
  )
  await sendCase(tx, one.id, one.version, ctx)
  await note(tx, ctx, 'shift.asked', one.id, { templateId: template.id, endsAt: endsAt.toISOString() })
  return { caseId: one.id }
}

/**
 * Somebody else on duty says that the substitute is there: now there is a person and an affiliation, with what rules give
 * it and the rights of the template, until the hour at which the shift ends. Throws `not-found`, `second-person-needed`,
 * `case-closed`.
 */
export async function confirmShift(
  tx: Tx,
  caseId: string,
  ctx: CaseContext,
): Promise<{ rights: number; affiliationId: string }> {
  const cover = await loadCover(tx, caseId)
  const template = cover && (await loadTemplate(tx, cover.templateId))
  if (!cover || !template) throw problem('not-found')
  const { actor } = ctx
  const same = actor.personId !== null && (actor.personId === cover.askedPerson || (await isThem(tx, caseId, actor)))
  const at: PolicyRecords['Shift'] = {
    asked: cover.askedBy === actor.userId || same ? 'self' : 'other',
    unitId: template.unitId,
    unitPath: template.unitPath,
  }
  if (!allows(actor, 'read', 'Shift', at)) throw problem('not-found')
  if (!allows(actor, 'approve', 'Shift', at)) throw problem('second-person-needed')
  const { now, today } = ctx.when
  if (cover.confirmed || cover.ended || cover.endsAt <= now) throw problem('case-closed')
  await tx.query('update shift_cover set confirmed_by = $2, confirmed_at = $3 where case_id = $1', [
    caseId,
    actor.userId,
    now,
  ])
  const { affiliationId } = await stateSent(tx, caseId, ctx)
  if (affiliationId === null) throw problem('case-incomplete')
  await tx.query('update shift_cover set affiliation_id = $2 where case_id = $1', [caseId, affiliationId])
  const known = await rightFacts(tx, template.entitlementIds)
  const grants = template.entitlementIds.filter(id => known.get(id)?.gone === false)
  await addGrants(
    tx,
    grants.map(entitlementId => ({
      affiliationId,
      entitlementId,
      constraints: [],
      from: today,
      to: null,
      expiresAt: cover.endsAt,
      kind: 'template' as const,
      reason: template.title,
      caseId,
      by: actor.userId,
    })),
    { now },
  )
  await catchUp(
    tx,
    {
      today,
      now,
      cause: `case ${caseId}`,
      localAdministrators: ctx.localAdministrators,
      after: ctx.afterDecided,
    },
    [affiliationId],
  )
  await note(tx, ctx, 'shift.confirmed', caseId, { rights: grants.length })
  return { rights: grants.length, affiliationId }
}

type Cover = {
  templateId: string
  endsAt: Date
  askedBy: string
  askedPerson: string | null
  confirmed: boolean
  ended: boolean
}
async function loadCover(tx: Tx, caseId: string): Promise<Cover | null> {
  const [row] = await tx.query<Cover>(
    `select c.template_id as "templateId", c.ends_at as "endsAt", c.asked_by as "askedBy", u.person_id as "askedPerson",
       c.confirmed_at is not null as confirmed, c.ended_at is not null as ended
     from shift_cover c left join tool_user u on u.id = c.asked_by where c.case_id = $1 for update of c`,
    [caseId],
  )
  return row ?? null
}

/** Nobody confirms themselves: by name and date of birth, since the substitute is nobody here yet. */
async function isThem(tx: Tx, caseId: string, actor: Actor): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from lifecycle_case c join person_current p on p.person_id = $2
     where c.id = $1 and p.birth_date::text = c.form #>> '{person,birthDate}'
       and lower(p.family_name) = lower(c.form #>> '{person,familyName}')`,
    [caseId, actor.personId],
  )
  return rows.length > 0
}

/** What substitutes in a unit get. Privileged rights are for nobody who comes for a night; what needs a yes HR decides here. */
export async function saveTemplate(
  tx: Tx,
  given: { unitId: string; title: string; entitlementIds: readonly string[] },
  ctx: CaseContext,
): Promise<string> {
  const [unit] = await tx.query<{ unitPath: string[] }>(
    `select path as "unitPath" from org_unit_current where unit_id = $1 and active and tree <> 'pay'`,
    [given.unitId],
  )
  if (!unit) throw problem('not-found')
  if (!mayAt(ctx, { unitId: given.unitId, unitPath: unit.unitPath }, 'conceal')) throw problem('not-allowed')
  const ids = [...new Set(given.entitlementIds)]
  const known = await rightFacts(tx, ids)
  const hr = ctx.actor.roles.includes('hr')
  const wrong = ids.flatMap((id, at) => {
    const right = known.get(id)
    const refused = !right || right.gone || right.privileged || (!hr && approvalNeeded(right) !== null)
    return refused ? [{ where: `entitlementIds/${at}`, what: 'not-for-templates' }] : []
  })
  if (wrong.length > 0)
    throw problem('data-invalid', { detail: 'A template cannot give one of these rights.', errors: wrong })
  const id = newId(ctx.when.now.getTime())
  const [row] = await tx.query<{ id: string }>(
    `insert into shift_template (id, unit_id, title, entitlement_ids, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (unit_id, title) do update set entitlement_ids = excluded.entitlement_ids,
       changed_at = excluded.changed_at, changed_by = excluded.changed_by returning id`,
    [id, given.unitId, given.title, ids, ctx.when.now, ctx.actor.userId],
  )
  await audit(tx).write({
    actor: auditActor(ctx.actor),
    action: 'shift.template-changed',
    subjectKind: 'unit',
    subjectId: given.unitId,
    requestId: ctx.requestId,
    detail: { title: given.title, entitlementIds: ids },
  })
  return row?.id ?? id
}

async function loadTemplate(tx: Tx, id: string): Promise<Template | null> {
  const [row] = await tx.query<Template>(
    `select t.id, t.unit_id as "unitId", u.path as "unitPath", t.title, t.entitlement_ids as "entitlementIds"
     from shift_template t join org_unit_current u on u.unit_id = t.unit_id and u.active where t.id = $1`,
    [id],
  )
  return row ?? null
}

const mayAt = (
  { actor }: Pick<CaseContext, 'actor'>,
  at: Pick<Template, 'unitId' | 'unitPath'>,
  action: 'send' | 'conceal',
): boolean =>
  allows(actor, action, 'Case', {
    about: 'other',
    secret: false,
    placed: true,
    authorId: null,
    knows: [],
    unitPath: at.unitPath,
    toUnitPath: [],
  })

const dayOf = (instant: Date): string => instant.toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' })

const note = (tx: Tx, ctx: CaseContext, action: string, caseId: string, detail: Record<string, unknown>) =>
  audit(tx).write({
    actor: auditActor(ctx.actor),
    action,
    subjectKind: 'case',
    subjectId: caseId,
    caseId: null,
    requestId: ctx.requestId,
    detail,
  })
