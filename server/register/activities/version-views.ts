import type { ActivityContent } from '#contract/activity-content.ts'
import type { getVersion, listVersions } from '#contract/activity-versions.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { userName } from './activity-sql.ts'
import { namesOf, requireSeen } from './activity-views.ts'
import { diffContent } from './diff-content.ts'

/** The versions of a record, the newest first, and when each counts as is known now. */
export async function versionsView(
  tx: Tx,
  actor: Actor,
  activityId: string,
  today: string,
): Promise<ResponseOf<typeof listVersions>> {
  await requireSeen(tx, actor, activityId, today)
  const rows = await tx.query<ResponseOf<typeof listVersions>['rows'][number]>(
    `select v.id as "versionId", v.number, v.state, v.summary, ${userName('v.author')} as author,
       to_json(v.made_at) #>> '{}' as "madeAt", to_json(v.proposed_at) #>> '{}' as "proposedAt",
       to_json(v.decided_at) #>> '{}' as "decidedAt", ${userName('v.decided_by')} as "decidedBy", v.decision,
       coalesce((select json_agg(json_build_object('from', lower(f.valid)::text, 'to', upper(f.valid)::text) order by lower(f.valid))
         from activity_in_force f where f.version_id = v.id and upper_inf(f.recorded)), '[]') as valid
     from activity_version v where v.activity_id = $1 order by v.number desc`,
    [activityId],
  )
  return { rows }
}

type Stored = {
  versionId: string
  number: number
  state: 'draft' | 'proposed' | 'in-force' | 'superseded' | 'rejected' | 'withdrawn'
  content: ActivityContent
  baseId: string | null
  lock: number
  summary: string | null
  from: string | null
  to: string | null
}

/** A version beside the one that it changes, or another: words for the ids in both. Remarks are asked beside it. */
export async function versionView(
  tx: Tx,
  actor: Actor,
  at: { activityId: string; versionId: string; against: string | undefined },
  today: string,
): Promise<Omit<ResponseOf<typeof getVersion>, 'remarks'>> {
  await requireSeen(tx, actor, at.activityId, today)
  const stored = await tx.query<Stored>(
    `select v.id as "versionId", v.number, v.state, v.content, v.base_id as "baseId", v.lock, v.summary,
       lower(f.valid)::text as "from", upper(f.valid)::text as "to"
     from activity_version v left join lateral (
       select valid from activity_in_force f where f.version_id = v.id and upper_inf(f.recorded) order by lower(valid) desc limit 1) f on true
     where v.activity_id = $1 and v.id in ($2::uuid, coalesce($3::uuid, (select base_id from activity_version where id = $2::uuid)))`,
    [at.activityId, at.versionId, at.against ?? null],
  )
  const version = stored.find(one => one.versionId === at.versionId)
  const other = stored.find(one => one.versionId === (at.against ?? version?.baseId) && one !== version)
  if (!version || (at.against !== undefined && !other)) throw problem('not-found')
  const [names, otherNames] = await namesOf(tx, [version.content, ...(other ? [other.content] : [])])
  if (!names) throw problem('not-found')
  return {
    version: { ...version, names },
    against: other ? { versionId: other.versionId, number: other.number } : null,
    names: {
      owner: names.owner,
      units: unite(names.units, otherNames?.units),
      systems: unite(names.systems, otherNames?.systems),
    },
    changes: other ? diffContent(other.content, version.content) : [],
  }
}

const unite = <One extends { id: string }>(one: One[], other: One[] = []): One[] => [
  ...one,
  ...other.filter(each => one.every(known => known.id !== each.id)),
]
