import type { ActivityNames, getActivity, ShownVersion } from '#contract/activities.ts'
import type { ActivityContent } from '#contract/activity-content.ts'
import type { listComments } from '#contract/activity-versions.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import { activitiesSql, OWNER, personRefSql, SPEAKING, userName } from './activity-sql.ts'
import { hasProposed } from './decide-version.ts'

/** Words for the ids of a content: owner, units, systems. One statement. */
export async function namesOf(tx: Tx, contents: readonly ActivityContent[]): Promise<ActivityNames[]> {
  if (contents.length === 0) return []
  const rows = await tx.query<ActivityNames>(
    `select (
       select json_build_object('person', ${personRefSql('p')}, 'title', oc.title, 'unit', ou.name)
       from affiliation oa join affiliation_current oc on oc.affiliation_id = coalesce(oa.merged_into, oa.id)
       join person_current p on p.person_id = oc.person_id left join org_unit_current ou on ou.unit_id = oc.unit_id
       where oa.id = (c.e ->> 'owner')::uuid) as owner,
       coalesce((select json_agg(json_build_object('id', u.unit_id, 'name', u.name) order by u.name)
         from org_unit_current u where u.unit_id in (select jsonb_array_elements_text(c.e -> 'units')::uuid)), '[]') as units,
       coalesce((select json_agg(json_build_object('id', s.id, 'key', s.key, 'name', s.name) order by s.name)
         from it_system s where s.id in (select jsonb_array_elements_text(c.e -> 'systems')::uuid)), '[]') as systems
     from jsonb_array_elements($1::jsonb) with ordinality as c(e, place) order by c.place`,
    [
      JSON.stringify(
        contents.map(one => ({ owner: one.owner, units: one.units, systems: one.systems.map(each => each.systemId) })),
      ),
    ],
  )
  return rows
}

type Page = ResponseOf<typeof getActivity>
/** What the page of a record says, but for remarks, defaults and access: those are asked beside it. */
type PageRow = Omit<Page, 'shown' | 'open' | 'allowed' | 'defaults' | 'remarks' | 'access' | 'names' | 'today'> & {
  ownerPersonId: string | null
  unitPath: string[]
  shown: Omit<ShownVersion, 'names'> | null
  open:
    | (Omit<NonNullable<Page['open']>, 'proposedBy'> & {
        proposedById: string | null
        proposedByPerson: string | null
        proposedByName: string | null
      })
    | null
}

const VERSION = (
  v: string,
  f: string,
) => `json_build_object('versionId', ${v}.id, 'number', ${v}.number, 'state', ${v}.state,
  'content', ${v}.content, 'from', lower(${f}.valid)::text, 'to', upper(${f}.valid)::text)`

/** One record. `asOf` and `known` choose what counted; without them what speaks for it today. */
export async function activityPage(
  tx: Tx,
  actor: Actor,
  id: string,
  { asOf, known }: { asOf?: string | undefined; known?: string | undefined },
  today: string,
): Promise<Omit<Page, 'remarks' | 'access' | 'defaults'>> {
  const past = asOf !== undefined || known !== undefined
  const [row] = await tx.query<PageRow>(
    `select g.id, g.ref, g.kind, g.standing, g.catalogue_key as "catalogueKey", g.attest_due::text as "attestDue",
       case when g.confirmed_at is not null then json_build_object('at', to_json(g.confirmed_at), 'by', ${userName('g.confirmed_by')}) end as confirmed,
       ${OWNER} as "ownerPersonId",
       array(select distinct unnest(c.path) from activity_unit u join org_unit_current c on c.unit_id = u.unit_id
         where u.version_id = g.speaks_id) as "unitPath",
       (select ${VERSION('v', 'f')} from activity_version v
          left join activity_in_force f on f.version_id = v.id and f.activity_id = g.id
            and ($4::timestamptz is null and upper_inf(f.recorded) or f.recorded @> $4::timestamptz)
            and ($3::boolean and f.valid @> coalesce($5::date, $2::date) or not $3::boolean)
          where v.activity_id = g.id and case when $3::boolean then f.id is not null else v.id = g.speaks_id end
          order by lower(f.valid) desc limit 1) as shown,
       case when g.soon_id is not null then (select json_build_object('versionId', v.id, 'number', v.number, 'from', g.soon_from::text)
         from activity_version v where v.id = g.soon_id) end as coming,
       (select json_build_object('versionId', v.id, 'number', v.number, 'state', v.state, 'proposedAt', to_json(v.proposed_at),
          'lock', v.lock, 'author', ${userName('v.author')}, 'effectiveOn', v.effective_on::text, 'summary', v.summary,
          'proposedById', v.proposed_by, 'proposedByName', ${userName('v.proposed_by')},
          'proposedByPerson', (select coalesce(i.merged_into, u.person_id) from tool_user u
            left join person i on i.id = u.person_id where u.id::text = v.proposed_by))
        from activity_version v where v.id = g.open_id) as open,
       coalesce((select json_agg(json_build_object('id', t.id, 'kind', t.kind, 'at', to_json(t.at), 'by', ${userName('t.by')},
          'number', v.number, 'changed', t.changed, 'note', t.note) order by t.at desc)
         from activity_attestation t join activity_version v on v.id = t.version_id where t.activity_id = g.id), '[]') as attestations,
       (select json_build_object('versionId', v.id, 'number', v.number) from activity_attestation t
          join activity_version v on v.id = t.version_id
          where t.activity_id = g.id and t.kind = 'owner' and t.id = (select l.id from activity_attestation l
            where l.activity_id = g.id and l.kind = 'owner' order by l.at desc limit 1)
            and t.version_id <> g.now_id) as "changedSince"
     from ${activitiesSql('$2::date')} g ${SPEAKING} where g.id = $1::uuid`,
    [id, today, past, known ?? null, asOf ?? null],
  )
  if (!row || !allows(actor, 'read', 'Activity', row)) throw problem('not-found')
  const { ownerPersonId, unitPath, shown, open, ...rest } = row
  const [names] = await namesOf(tx, shown ? [shown.content] : [])
  const may = { ownerPersonId, unitPath }
  const change = allows(actor, 'change', 'Activity', may)
  const decide = allows(actor, 'decide', 'Activity', may)
  const ownProposal =
    open?.state === 'proposed' &&
    hasProposed(actor, { userId: open.proposedById ?? '', personId: open.proposedByPerson })
  return {
    ...rest,
    today,
    shown: shown && names ? { ...shown, names } : null,
    open: open && openOf(open),
    allowed: {
      change: change && !open,
      propose: change && open?.state === 'draft',
      withdraw: change && open !== null,
      decide: decide && open?.state === 'proposed' && !ownProposal,
      ownProposal: decide && ownProposal,
      retire: decide && !open && (row.standing === 'in-force' || row.standing === 'coming'),
      comment: change || decide,
      advise: allows(actor, 'verify', 'Activity', may),
      attest: change && actor.personId !== null && actor.personId === ownerPersonId && row.standing === 'in-force',
      confirm: decide,
    },
  }
}

const openOf = ({
  proposedById: _id,
  proposedByPerson: _person,
  proposedByName,
  ...open
}: NonNullable<PageRow['open']>): Page['open'] => ({ ...open, proposedBy: proposedByName })

/** People who hold something in these systems, as is read today; of each system and of all together. One statement. */
export async function accessView(tx: Tx, systemIds: readonly string[]): Promise<Page['access']> {
  const [row] = await tx.query<Page['access']>(
    `with held as materialized (
       select distinct e.system_id, acc.person_id from entitlement e
       join observed_right o on o.entitlement_id = e.id join account acc on acc.id = o.account_id
       where e.system_id = any($1::uuid[]) and acc.person_id is not null)
     select (select count(distinct person_id)::int from held) as people,
       coalesce((select json_agg(json_build_object('id', s.id, 'read', s.reading <> 'none',
         'people', (select count(*) from held where held.system_id = s.id)) order by s.name)
         from it_system s where s.id = any($1::uuid[])), '[]') as systems`,
    [systemIds],
  )
  return row ?? { people: 0, systems: [] }
}

/** The record's policy record, or `not-found`. */
export async function requireSeen(tx: Tx, actor: Actor, id: string, today: string) {
  const [row] = await tx.query<{ ownerPersonId: string | null; unitPath: string[] }>(
    `select ${OWNER} as "ownerPersonId",
       array(select distinct unnest(c.path) from activity_unit u join org_unit_current c on c.unit_id = u.unit_id
         where u.version_id = g.speaks_id) as "unitPath"
     from ${activitiesSql('$2::date')} g ${SPEAKING} where g.id = $1::uuid`,
    [id, today],
  )
  if (!row || !allows(actor, 'read', 'Activity', row)) throw problem('not-found')
  return row
}
export async function commentsView(
  tx: Tx,
  actor: Actor,
  id: string,
  today: string,
): Promise<ResponseOf<typeof listComments>> {
  const may = await requireSeen(tx, actor, id, today)
  const rows = await tx.query<ResponseOf<typeof listComments>['rows'][number]>(
    `select c.id, c.version_id as "versionId", v.number, c.kind, c.text, to_json(c.at) #>> '{}' as at, ${userName('c.by')} as by,
       c.follow_up_on::text as "followUpOn", c.answer, to_json(c.answered_at) #>> '{}' as "answeredAt",
       ${userName('c.answered_by')} as "answeredBy", c.answer_note as "answerNote"
     from activity_comment c join activity_version v on v.id = c.version_id where c.activity_id = $1 order by c.at desc`,
    [id],
  )
  const change = allows(actor, 'change', 'Activity', may)
  return {
    rows,
    today,
    allowed: {
      comment: change || allows(actor, 'decide', 'Activity', may),
      advise: allows(actor, 'verify', 'Activity', may),
      answer: change,
    },
  }
}
