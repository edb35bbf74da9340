import type { Approval, PlanLine } from '#contract/lifecycle.ts'
import { rightsOn, type UpcomingRight } from '../../access/upcoming-rights.ts'
import { visibleTo } from '../../access/visible.ts'
import { mailsAhead } from '../../mails/mails-ahead.ts'
import { notSentOrders, ordersOf } from '../../orders/order-service.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { approvalRows } from './approval-views.ts'
import { namedIn, type StoredCase } from './case.ts'
import { changeLines } from './change-plan-view.ts'
import { type Carried, line, type Ref } from './plan-line.ts'

/**
 * What follows from a report that is carried out, day by day, read from what carrying out has made: of a preview before it
 * is taken back, and of a report that was sent at any time later. So the two are one function.
 */
export async function planView(
  tx: Tx,
  one: Pick<StoredCase, 'id' | 'form' | 'door'>,
  done: Carried,
  {
    actor,
    today,
    publicUrl,
    approvals: read,
  }: { actor: Actor; today: string; publicUrl: string; approvals?: readonly Approval[] },
): Promise<PlanLine[]> {
  const day = done.from > today ? done.from : today
  const hired = one.form.kind === 'hire'
  const rights = hired ? await rightsOn(tx, [done.affiliationId], day) : []
  // Where the page has read them already they are not asked for again.
  const approvals = read ?? (await approvalRows(tx, actor, { caseId: one.id }))
  const orders = await ordersOf(tx, { affiliationIds: [done.affiliationId] })
  const notSent = hired ? await notSentOrders(tx, [done.personId], today) : []
  const names = await refs(tx, [
    ...rights.map(right => right.entitlementId),
    ...notSent.flatMap(wish => wish.entitlementId ?? []),
  ])
  const rules = await ruleNames(tx, rights)
  const head = hired ? await aboutLines(tx, one, done, actor) : await changeLines(tx, one, done, { actor, today })
  const mails = await mailsAhead(tx, actor, { caseId: one.id, affiliationId: done.affiliationId }, { today, publicUrl })
  return [
    ...head,
    ...mails.map(mail =>
      line({
        on: mail.on,
        what: 'mail',
        code: mail.kind,
        owner: mail.reader,
        state: mail.state,
        subject: mail.subject,
        text: mail.text,
      }),
    ),
    ...approvals.map(one =>
      line({
        on: today,
        what: 'approval',
        code: one.because,
        right: one.right,
        limits: one.limits,
        owner: one.approver,
        state: one.state,
      }),
    ),
    ...rights.map(right =>
      line({
        on: day,
        // Not given before somebody says what it is for.
        what: right.withheld ? 'withheld' : 'right',
        code: right.withheld ? 'no-purpose' : right.grantId === null ? 'rule' : 'asked',
        right: names.get(right.entitlementId) ?? null,
        limits: right.constraints.map(limit => ({ ...limit })),
        rule: right.ruleKey === null ? null : (rules.get(right.ruleKey) ?? null),
        until: right.validTo,
      }),
    ),
    // What is left of a mailbox or a drive stands where the report says what happens with it.
    ...orders
      .filter(order => order.left === null)
      .map(order =>
        line({
          on: order.dueOn,
          what: order.connector === null ? 'task' : 'order',
          code: order.action,
          right: order.right ? { ...order.right, system: order.system } : null,
          subject: order.system.name,
          text: order.accountType?.name ?? null,
          state: order.state,
        }),
      ),
    ...notSent.flatMap(wish => {
      const right = wish.entitlementId ? (names.get(wish.entitlementId) ?? null) : null
      // What is given up elsewhere has nothing to do with this report.
      if (wish.affiliationId !== null && wish.affiliationId !== done.affiliationId) return []
      return right
        ? [line({ on: wish.dueOn, what: 'not-sent', code: wish.action, right, subject: right.system.name })]
        : []
    }),
  ].sort(inOrder)
}

const WHAT: readonly PlanLine['what'][] = [
  'affiliation',
  'person',
  'approval',
  'right',
  'right-later',
  'withheld',
  'order',
  'task',
  'mail',
  'not-sent',
]
/** One order whatever the order of the rows: day, kind of line, system and right. */
function inOrder(a: PlanLine, b: PlanLine): number {
  const text = (one: PlanLine) =>
    [
      one.on,
      String(WHAT.indexOf(one.what)),
      one.right?.system.name,
      one.right?.name,
      one.right?.key,
      one.subject,
      one.text,
      one.code,
    ].join('\n')
  const [first, second] = [text(a), text(b)]
  return first < second ? -1 : first > second ? 1 : 0
}

/**
 * That a number or a name was known already is told to HR only, and to whoever has chosen the person: to others it would
 * say that somebody once worked here.
 */
async function aboutLines(
  tx: Tx,
  { form }: Pick<StoredCase, 'form'>,
  done: Carried,
  actor: Actor,
): Promise<PlanLine[]> {
  const named = namedIn(form)
  const chosen = named.personId !== null
  const told = chosen || actor.roles.includes('hr')
  const q = statement()
  const shown = visibleTo(actor, q).name('p')
  const [row] = await tx.query<{ name: string | null; unit: string | null; until: string | null }>(
    `select case when ${shown} then p.name end as name, u.name as unit, ac.ends_on as until
     from affiliation_current ac join person_current p on p.person_id = ac.person_id
     left join org_unit_current u on u.unit_id = ac.unit_id
     where ac.affiliation_id = ${q.bind(done.affiliationId, 'uuid')}`,
    q.params,
  )
  return [
    line({
      on: done.from,
      what: 'affiliation',
      code: told && !done.made ? 'known' : 'new',
      subject: told ? (row?.name ?? null) : `${named.givenName} ${named.familyName}`.trim(),
      text: row?.unit ?? null,
      until: row?.until ?? null,
    }),
  ]
}

async function refs(tx: Tx, ids: readonly string[]): Promise<Map<string, Ref>> {
  const rows = await tx.query<Ref>(
    `select e.id, e.key, e.name, jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system
     from entitlement e join it_system s on s.id = e.system_id where e.id = any($1)`,
    [[...new Set(ids)]],
  )
  return new Map(rows.map(row => [row.id, row]))
}

export async function ruleNames(tx: Tx, rights: readonly Pick<UpcomingRight, 'ruleKey'>[]) {
  const rows = await tx.query<NonNullable<PlanLine['rule']>>(
    'select key, name, purpose from rights_rule where key = any($1) and upper_inf(recorded)',
    [[...new Set(rights.flatMap(right => right.ruleKey ?? []))]],
  )
  return new Map(rows.map(row => [row.key, row]))
}
