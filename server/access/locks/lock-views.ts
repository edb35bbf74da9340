import type { ResponseOf } from '#contract/endpoint.ts'
import type { getPersonLock, listLocks } from '#contract/locks.ts'
import { problem } from '../../platform/problem.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, can } from '../../policy/policy.ts'
import { personRecord } from '../person-record-view.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../visible.ts'
import { mayLift } from './lock-service.ts'

/** For a home, SQL of a number each: people who are locked, and 1 where nobody is on call. */
export const countLockedSql = (actor: Actor, q: Statement): string =>
  `(select count(*) from person_lock l ${JOINS} where l.released_at is null and ${visibleTo(actor, q).lock('p')})`
export const NOBODY_ON_CALL = `(select 1 - count(*) from (
  select from lock_roster where ended_at is null and starts_at <= now() and ends_at > now() limit 1) n)`

type Locks = ResponseOf<typeof listLocks>
type Lock = Locks['current'][number]
type Row = Omit<Lock, 'lockedAt' | 'releasedAt' | 'mayRelease'> & {
  lockedAt: Date
  releasedAt: Date | null
  lockedById: string
  lockedByPersonId: string | null
  personId: string
}

const COLUMNS = (
  person: string,
) => `l.id, ${person} as person, ${unitRefSql('u')} as unit, p.person_id as "personId", l.reason, l.locked_at as "lockedAt",
  coalesce(lu.display_name, lu.username) as "lockedBy", l.locked_by as "lockedById", l.locked_by_person_id as "lockedByPersonId",
  l.released_at as "releasedAt", coalesce(ru.display_name, ru.username) as "releasedBy", l.release_reason as "releaseReason"`
const JOINS = `join person i on i.id = l.person_id join person_current p on p.person_id = coalesce(i.merged_into, i.id)
  left join org_unit_current u on u.unit_id = p.unit_id left join tool_user lu on lu.id::text = l.locked_by left join tool_user ru on ru.id::text = l.released_by`

/** Locks that the reader may know of, those in force first; who is on call now or later. Three statements. */
export async function locksView(
  tx: Tx,
  actor: Actor,
  page: { offset: number; limit: number },
  now: Date,
): Promise<Locks> {
  const read = async (open: boolean): Promise<(Row & { total: number })[]> => {
    const q = statement()
    const may = visibleTo(actor, q)
    const order = open ? 'l.locked_at desc' : 'l.released_at desc'
    return tx.query(
      `select ${COLUMNS(personRefSql('p', may.name('p')))}, (count(*) over ())::int as total
       from person_lock l ${JOINS}
       where l.released_at is ${open ? '' : 'not '}null and ${may.lock('p')}
       order by ${order} ${open ? '' : `offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}`}`,
      q.params,
    )
  }
  const [current, past] = [await read(true), await read(false)]
  const q = statement()
  const may = visibleTo(actor, q)
  const at = q.bind(now, 'timestamptz')
  const roster = await tx.query<{ id: string; person: Lock['person']; startsAt: Date; endsAt: Date; now: boolean }>(
    `select r.id, ${personRefSql('p', may.name('p'))} as person, r.starts_at as "startsAt", r.ends_at as "endsAt",
       r.starts_at <= ${at} as now
     from lock_roster r join person i on i.id = r.person_id join person_current p on p.person_id = coalesce(i.merged_into, i.id)
     where r.ended_at is null and r.ends_at > ${at} order by r.starts_at, p.family_name ${DANISH}`,
    q.params,
  )
  return {
    current: current.map(row => lockOf(actor, row)),
    past: past.map(row => lockOf(actor, row)),
    pastTotal: past[0]?.total ?? 0,
    roster: roster.map(row => ({ ...row, startsAt: row.startsAt.toISOString(), endsAt: row.endsAt.toISOString() })),
    onCallNow: roster.some(row => row.now),
    allowed: { roster: can(actor, 'lock.roster') },
  }
}

/** Throws `not-found` where the actor may know of no lock of this person. */
export async function personLockView(
  tx: Tx,
  actor: Actor,
  personId: string,
): Promise<ResponseOf<typeof getPersonLock>> {
  const person = await personRecord(tx, personId)
  const record = person && { personId: person.id, personKind: person.kind }
  if (!record || !allows(actor, 'read', 'Lock', record)) throw problem('not-found')
  const [row] = await tx.query<{ known: boolean }>(
    'select birth_date is not null as known from person_current where person_id = $1',
    [personId],
  )
  const one = statement()
  const name = visibleTo(actor, one).name('p')
  const [lock] = await tx.query<Row>(
    `select ${COLUMNS(personRefSql('p', name))} from person_lock l ${JOINS}
     where l.released_at is null and p.person_id = ${one.bind(personId, 'uuid')}`,
    one.params,
  )
  return {
    lock: lock ? lockOf(actor, lock) : null,
    birthDateKnown: row?.known ?? false,
    allowed: { lock: !lock && actor.personId !== personId && allows(actor, 'change', 'Lock', record) },
  }
}

const lockOf = (actor: Actor, { lockedById, lockedByPersonId, personId, lockedAt, releasedAt, ...row }: Row): Lock => ({
  ...row,
  lockedAt: lockedAt.toISOString(),
  releasedAt: releasedAt?.toISOString() ?? null,
  mayRelease:
    releasedAt === null &&
    can(actor, 'lock.release') &&
    mayLift(actor, { lockedBy: lockedById, lockedByPersonId, personId }),
})
