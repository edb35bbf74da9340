import type { PlanLine } from '#contract/lifecycle.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { delegatedBy } from './handover-store.ts'
import { represents } from './left-behind.ts'
import { type Carried, line } from './plan-line.ts'

type Person = NonNullable<PlanLine['owner']>

/** What else has to be somebody's: mailbox, files, equipment, and what the leaver answers for. */
export async function leaverLines(
  tx: Tx,
  caseId: string,
  done: Carried,
  people: ReadonlyMap<string, Person>,
  on: string,
): Promise<PlanLine[]> {
  const who = (id: string | null) => (id === null ? null : (people.get(id) ?? null))
  const noted = await tx.query<{ kind: string; id: string; name: string; to: string | null; settled: boolean }>(
    `select kind, subject_id as id, name, to_person_id as to, settled_at is not null as settled from case_handover
     where case_id = $1 order by kind, name`,
    [caseId],
  )
  const delegated =
    noted.length > 0 ? noted : (await delegatedBy(tx, done)).map(each => ({ ...each, to: null, settled: false }))
  const left = await leftLines(tx, caseId)
  const names = (ids: readonly string[]) => ids.flatMap(id => who(id)?.name ?? []).join(', ') || null
  return [
    ...(left.some(each => each.what === 'mailbox') || !(await isRepresentative(tx, done.affiliationId))
      ? []
      : [line({ on, what: 'mailbox', code: 'representative' })]),
    ...left.map(each =>
      line({
        on: each.dueOn,
        what: each.what === 'mailbox' ? 'mailbox' : each.what === 'kit' ? 'return' : 'files',
        code: each.what === 'mailbox' ? (each.action === 'close' ? 'closed' : 'read-by') : each.what,
        owner: who(each.to),
        until: each.action === 'close' ? null : each.until,
        subject: each.what === 'kit' ? `${each.system}: ${each.name}` : each.system,
        state: each.state,
        text: names(each.readers),
      }),
    ),
    ...delegated.map(each =>
      line({
        on,
        what: 'handover',
        code: each.kind,
        subject: each.name,
        owner: who(each.to),
        state: each.settled ? 'settled' : each.to === null ? 'open' : 'named',
      }),
    ),
  ]
}

type LeftLine = {
  what: 'mailbox' | 'drive' | 'cases' | 'kit'
  action: 'hand-over' | 'close'
  dueOn: string
  to: string | null
  readers: string[]
  until: string | null
  system: string | null
  /** Of a thing. */
  name: string | null
  /** Of its order; `not-sent`: its system is only read; `nobody`: no system is said to keep such things. */
  state: string | null
}
/** What was said of mailbox, drive, cases and things, with how far it has come. One statement. */
const leftLines = (tx: Tx, caseId: string): Promise<LeftLine[]> =>
  tx.query(
    `select l.what, l.action, l.due_on as "dueOn", l.to_person_id as to, l.reader_ids as readers, l.until, s.name as system,
       e.name, case when l.what = 'kit' then null when s.id is null then 'nobody' when o.state is not null then o.state
         when s.rung = 'observe' then 'not-sent' end as state
     from left_behind l left join it_system s on s.id = l.system_id left join entitlement e on e.id = l.entitlement_id
     left join lateral (select po.state from provisioning_order po where po.left_id = l.id and po.state <> 'cancelled'
       order by po.made_at desc, po.id desc limit 1) o on true
     where l.case_id = $1 and l.taken_back_at is null order by l.due_on, l.what, l.action, s.name, e.name`,
    [caseId],
  )

async function isRepresentative(tx: Tx, affiliationId: string): Promise<boolean> {
  const [row] = await tx.query<{ functions: string[] }>(
    'select functions from affiliation_current where affiliation_id = $1',
    [affiliationId],
  )
  return represents(row?.functions ?? [])
}
