import type { RegisterDefaults } from '#contract/activities.ts'
import { type ActivityContent, activityContent } from '#contract/activity-content.ts'
import type { VersionState } from '#contract/activity-lists.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { activitiesSql, mayActivity, SPEAKING } from '../activities/activity-sql.ts'
import { namesOf } from '../activities/activity-views.ts'
import { loadVocabularies } from '../vocabulary/vocabulary-store.ts'
import type { PrintedRecord, RegisterSheet } from './record-document.ts'

type Asked = {
  activity?: string | undefined
  area?: string | undefined
  /** This unit and what stands below it today; `units`: exactly these. */
  unit?: string | undefined
  units?: readonly string[] | undefined
  /** Or records that use one of these. */
  systems?: readonly string[] | undefined
  /** The day as of which records count, and the instant as of which that was known (null: as is known). */
  day: string
  known: Date | null
  today: string
}
type Row = {
  id: string
  versionId: string
  ref: string
  number: number
  state: VersionState
  content: unknown
  from: string | null
  to: string | null
  confirmedOn: string | null
}

/** A record without the names of what it speaks of. */
export type FoundRecord = Omit<PrintedRecord, 'names' | 'people'> & { id: string; versionId: string }

/**
 * Records that the reader may see, as they counted on a day; one that is asked for by its id also where it does not count,
 * unless a past day is asked for. One statement.
 */
export async function foundRecords(tx: Tx, actor: Actor, asked: Asked): Promise<FoundRecord[]> {
  const q = statement()
  const [day, known, today] = [
    q.bind(asked.day, 'date'),
    q.bind(asked.known, 'timestamptz'),
    q.bind(asked.today, 'date'),
  ]
  const id = q.bind(asked.activity ?? null, 'uuid')
  const [area, unit] = [q.bind(asked.area ?? null, 'text'), q.bind(asked.unit ?? null, 'uuid')]
  const [units, systems] = [q.bind(asked.units ?? null, 'uuid[]'), q.bind(asked.systems ?? null, 'uuid[]')]
  const speaks = q.bind(asked.activity !== undefined && asked.day === asked.today && asked.known === null, 'boolean')
  const rows = await tx.query<Row>(
    `select g.id, g.ref, v.id as "versionId", v.number, v.state, v.content, lower(f.valid)::text as "from", upper(f.valid)::text as "to",
       -- That somebody looked at it later says nothing of that day.
       case when g.confirmed_at <= coalesce(${known}, (${day} + 1)::timestamp at time zone 'Europe/Copenhagen')
         then (g.confirmed_at at time zone 'Europe/Copenhagen')::date::text end as "confirmedOn"
     from ${activitiesSql(today)} g ${SPEAKING}
     left join activity_in_force f on f.activity_id = g.id and f.valid @> ${day}
       and (${known} is null and upper_inf(f.recorded) or f.recorded @> ${known})
     join activity_version v on v.id = coalesce(f.version_id, case when ${speaks} then g.speaks_id end)
     where ${mayActivity(actor, q, 'read')} and (${id} is null or g.id = ${id})
       and (${area} is null or v.content ->> 'area' = ${area})
       and (${unit} is null and ${units} is null and ${systems} is null
         or exists (select from activity_unit au join org_unit_current c on c.unit_id = au.unit_id
           where au.version_id = v.id and ${unit} = any(c.path))
         or exists (select from activity_unit au where au.version_id = v.id and au.unit_id = any(${units}))
         or exists (select from activity_system s where s.version_id = v.id and s.system_id = any(${systems})))
     order by g.ref, g.id`,
    q.params,
  )
  return rows.map(({ id, ref, versionId, content, confirmedOn, ...version }) => ({
    ...{ id, ref, versionId, version, confirmedOn },
    content: activityContent.parse(content),
  }))
}

/** The same with today's names. What rights say of them (people) is of today only. Three statements. */
export async function printedRecords(tx: Tx, actor: Actor, asked: Asked): Promise<PrintedRecord[]> {
  const found = await foundRecords(tx, actor, asked)
  const contents = found.map(one => one.content)
  const names = await namesOf(tx, contents)
  const people = asked.day === asked.today && asked.known === null ? await peopleOf(tx, contents) : null
  return found.map((one, place) => ({ ...one, names: names[place]!, people: people && people[place]! }))
}

/** As `accessView`, for many records in one statement. */
async function peopleOf(tx: Tx, contents: readonly ActivityContent[]): Promise<NonNullable<PrintedRecord['people']>[]> {
  if (contents.length === 0) return []
  return tx.query(
    `with wanted as materialized (
       select w.place, s.id::uuid as system_id from jsonb_array_elements($1::jsonb) with ordinality as w(systems, place)
       left join lateral jsonb_array_elements_text(w.systems) as s(id) on true
     ), held as materialized (
       select distinct e.system_id, acc.person_id from entitlement e
       join observed_right o on o.entitlement_id = e.id join account acc on acc.id = o.account_id
       where e.system_id in (select system_id from wanted) and acc.person_id is not null
     ), counts as (select system_id, count(*)::int as people from held group by 1),
     alls as (select w.place, count(distinct h.person_id)::int as people from wanted w join held h on h.system_id = w.system_id group by 1)
     select coalesce(max(a.people), 0) as all,
       coalesce(json_agg(json_build_object('systemId', w.system_id, 'people', coalesce(c.people, 0), 'read', s.reading <> 'none'))
         filter (where s.id is not null), '[]') as of
     from wanted w left join it_system s on s.id = w.system_id left join counts c on c.system_id = w.system_id
     left join alls a on a.place = w.place
     group by w.place order by w.place`,
    [JSON.stringify(contents.map(one => one.systems.map(each => each.systemId)))],
  )
}

type Sheet = Asked & { language: RegisterSheet['language']; defaults: RegisterDefaults; knownDay: string | null }

/** Everything that a document of records says. Throws `not-found` where one record is asked for and is not there then. */
export async function registerSheet(tx: Tx, actor: Actor, asked: Sheet): Promise<RegisterSheet> {
  const records = await printedRecords(tx, actor, asked)
  if (asked.activity !== undefined && records.length === 0) throw problem('not-found')
  return {
    language: asked.language,
    day: asked.day,
    known: asked.knownDay,
    scope: await scopeOf(tx, asked),
    records,
    vocabularies: await loadVocabularies(tx),
    defaults: asked.defaults,
  }
}

async function scopeOf(tx: Tx, { activity, area, unit }: Asked): Promise<RegisterSheet['scope']> {
  if (activity !== undefined) return { kind: 'one' }
  if (unit !== undefined) {
    const [found] = await tx.query<{ name: string }>('select name from org_unit_current where unit_id = $1', [unit])
    if (!found) throw problem('not-found')
    return { kind: 'unit', name: found.name }
  }
  return area === undefined ? { kind: 'all' } : { kind: 'area', name: area }
}
