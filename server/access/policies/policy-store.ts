import type { Tx } from '../../platform/unit-of-work.ts'
import { RIGHT_CLASSES, type RightClass, rightClassSql } from '../../systems/right-class.ts'
import {
  ABSENCES,
  type Absence,
  type AbsenceEffect,
  type AbsencePolicy,
  DEFAULT_ABSENCE,
  DEFAULT_GRACE,
  type GracePolicy,
} from './access-policies.ts'

/** The policy of absence that counts: what has been decided, else the default. */
export async function loadAbsencePolicy(tx: Tx): Promise<AbsencePolicy> {
  const rows = await tx.query<{ absence: Absence; class: RightClass; effect: AbsenceEffect }>(
    'select absence, class, effect from absence_policy',
  )
  // A copy for each absence: the defaults of several are one object.
  const policy = Object.fromEntries(ABSENCES.map(one => [one, { ...DEFAULT_ABSENCE[one] }])) as Record<
    Absence,
    Record<RightClass, AbsenceEffect>
  >
  for (const row of rows) policy[row.absence][row.class] = row.effect
  return policy
}

export async function loadGracePolicy(tx: Tx): Promise<GracePolicy> {
  const rows = await tx.query<{ class: RightClass; days: number }>('select class, days from grace_policy')
  return { ...DEFAULT_GRACE, ...Object.fromEntries(rows.map(row => [row.class, row.days])) }
}

/** Stores both policies whole: what stands here no longer follows the defaults. */
export async function storePolicies(
  tx: Tx,
  { absence, grace }: { absence: AbsencePolicy; grace: GracePolicy },
): Promise<void> {
  await tx.query(
    `insert into absence_policy (absence, class, effect)
     select absence, class, effect from jsonb_to_recordset($1::jsonb) as r(absence text, class text, effect text)
     on conflict (absence, class) do update set effect = excluded.effect`,
    [
      JSON.stringify(
        ABSENCES.flatMap(one => RIGHT_CLASSES.map(name => ({ absence: one, class: name, effect: absence[one][name] }))),
      ),
    ],
  )
  await tx.query(
    `insert into grace_policy (class, days)
     select class, days from jsonb_to_recordset($1::jsonb) as r(class text, days int)
     on conflict (class) do update set days = excluded.days`,
    [JSON.stringify(RIGHT_CLASSES.map(name => ({ class: name, days: grace[name] })))],
  )
}

const GRACE_SEEN_DAYS = 90
export type GraceEffect = { count: number; sooner: number; later: number; days: number }

/**
 * What other days would have meant for the moves of the last months: how many of the rights that stayed would have ended
 * sooner or later. Nothing happens to them; who moves next is not known, so the last who did stand for them.
 */
export async function graceEffect(tx: Tx, grace: GracePolicy, now: Date): Promise<GraceEffect> {
  const [row] = await tx.query<Omit<GraceEffect, 'days'>>(
    `select count(*)::int as count, count(*) filter (where g.valid_to - g.valid_from > w.days)::int as sooner,
       count(*) filter (where g.valid_to - g.valid_from < w.days)::int as later
     from right_grant g join entitlement e on e.id = g.entitlement_id join it_system s on s.id = e.system_id
     join jsonb_to_recordset($1::jsonb) as w (class text, days int) on w.class = ${rightClassSql('e', 's')}
     where g.kind = 'grace' and g.created_at > $2::timestamptz - make_interval(days => ${GRACE_SEEN_DAYS})`,
    [JSON.stringify(RIGHT_CLASSES.map(name => ({ class: name, days: grace[name] }))), now],
  )
  return { ...(row ?? { count: 0, sooner: 0, later: 0 }), days: GRACE_SEEN_DAYS }
}
