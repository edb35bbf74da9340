import { hireForm } from '#contract/lifecycle-forms.ts'
import { catchUp } from '../../access/access-store.ts'
import { addGrants } from '../../access/grants/grant-store.ts'
import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { addDays, approvalNeeded } from './case.ts'
import type { CaseContext } from './case-checks.ts'
import { createCase, sendCase } from './case-service.ts'
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
 * A substitute for one shift. Person and affiliation stand at once, by the way of any hire; rights when somebody else has
 * seen that they are there. Throws `data-invalid` for an end that is past, or further away than a shift is long.
 */
export async function startShift(
  tx: Tx,
  asked: Asked,
  ctx: CaseContext,
): Promise<{ caseId: string; affiliationId: string }> {
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
  const sent = await sendCase(tx, one.id, one.version, ctx)
  const affiliationId = sent.affiliationId
  if (affiliationId === null) throw problem('case-incomplete')
  await tx.query(
    `insert into shift_cover (case_id, affiliation_id, unit_id, template_id, ends_at, asked_by, asked_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [one.id, affiliationId, template.unitId, template.id, endsAt, ctx.actor.userId, now],
  )
  await note(tx, ctx, 'shift.asked', one.id, { templateId: template.id, endsAt: endsAt.toISOString() })
  return { caseId: one.id, affiliationId }
}

/** A second person says that the substitute is there: the rights of the template, until the hour at which the shift ends. */
export async function confirmShift(tx: Tx, caseId: string, ctx: CaseContext): Promise<number> {
  const [cover] = await tx.query<{
    affiliationId: string
    templateId: string
    endsAt: Date
    askedBy: string
    askedPerson: string | null
    personId: string
    confirmed: boolean
  }>(
    `select c.affiliation_id as "affiliationId", c.template_id as "templateId", c.ends_at as "endsAt",
       c.asked_by as "askedBy", u.person_id as "askedPerson", a.person_id as "personId",
       c.confirmed_at is not null as confirmed
     from shift_cover c join affiliation a on a.id = c.affiliation_id left join tool_user u on u.id = c.asked_by
     where c.case_id = $1 for update of c`,
    [caseId],
  )
  const template = cover && (await loadTemplate(tx, cover.templateId))
  if (!cover || !template || !mayAt(ctx, template, 'change')) throw problem('not-found')
  const { actor } = ctx
  const same = actor.personId !== null && (actor.personId === cover.askedPerson || actor.personId === cover.personId)
  if (cover.askedBy === actor.userId || same) throw problem('second-person-needed')
  const { now, today } = ctx.when
  if (cover.confirmed || cover.endsAt <= now) throw problem('case-closed')
  const known = await rightFacts(tx, template.entitlementIds)
  const grants = template.entitlementIds.filter(id => known.get(id)?.gone === false)
  await addGrants(
    tx,
    grants.map(entitlementId => ({
      affiliationId: cover.affiliationId,
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
  await tx.query('update shift_cover set confirmed_by = $2, confirmed_at = $3 where case_id = $1', [
    caseId,
    actor.userId,
    now,
  ])
  await catchUp(
    tx,
    {
      today,
      now,
      cause: `case ${caseId}`,
      localAdministrators: ctx.localAdministrators,
      after: ctx.afterDecided,
    },
    [cover.affiliationId],
  )
  await note(tx, ctx, 'shift.confirmed', caseId, { rights: grants.length })
  return grants.length
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
  action: 'change' | 'send' | 'conceal',
): boolean =>
  allows(actor, action, 'Case', {
    about: 'other',
    secret: false,
    placed: true,
    authorId: null,
    knows: [],
    unitPath: at.unitPath,
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
