import { join } from 'node:path'
import type { UserList, UserListRun } from '#contract/user-lists.ts'
import type { Counts, HeldPart, KindCounts, RunError, RunPhase, RunState } from '../../feeds/runs/feed-run.ts'
import { planItems, runRejects } from '../../feeds/runs/feeds-views.ts'
import type { Written } from '../../feeds/sources/source-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { observationAges } from '../observation-age.ts'
import { listKey, readingOf } from './user-list.ts'

const NAMES_SHOWN = 200
const ROWS_SHOWN = 50

/** How a system's list is read and what became of it. Four statements; nobody is named in it. */
export async function userListView(
  tx: Tx,
  systemId: string,
  { dropsDir, change }: { dropsDir: string | null; change: boolean },
): Promise<UserList> {
  const [system] = await tx.query<{ id: string; key: string; name: string; reading: string }>(
    'select id, key, name, reading from it_system where id = $1 and gone_at is null',
    [systemId],
  )
  if (!system) throw problem('not-found', { detail: 'There is no such system.' })
  const { source, folder } = listKey(system.key)
  const [list] = await tx.query<{
    owner: 'file' | 'screen' | 'draft' | null
    written: Written | null
    counts: UserList['counts']
    files: UserList['files'] | null
    lastRun: UserList['lastRun']
    entitlements: UserList['entitlements'] | null
  }>(
    `select s.owner, s.written,
       (select jsonb_build_object('accounts', count(*), 'unlinked', count(*) filter (where a.situation <> 'linked'),
          'rights', (select count(*) from observed_right o join account b on b.id = o.account_id
            where b.source = $1 and b.gone_at is null and o.listed),
          'waiting', (select count(*) from source_record r where r.source = $1 and r.kind = 'held'
            and r.situation is not null and r.gone_at is null))
        from account a where a.source = $1 and a.gone_at is null) as counts,
       (select jsonb_agg(jsonb_build_object('name', f.name, 'at', to_char(f.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
          'state', f.state, 'runId', f.run_id, 'reason', f.reason) order by f.at desc, f.name)
        from (select name, coalesce(ended_at, noticed_at) as at, run_id, reason,
            case state when 'seen' then 'waiting' when 'taken' then 'reading' else state end as state
          from feed_drop where source = $1 order by noticed_at desc limit 10) f) as files,
       (select jsonb_build_object('id', r.id, 'state', r.state,
          'startedAt', to_char(r.started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        from feed_run r where r.source = $1 and not r.dry_run order by r.started_at desc limit 1) as "lastRun",
       (select jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name) order by e.name collate "da-x-icu")
        from entitlement e where e.system_id = $2 and e.gone_at is null) as entitlements
     from (select 1) one left join source s on s.key = $1`,
    [source, systemId],
  )
  const names = await tx.query<UserList['names'][number]>(
    `select l.name, case when e.id is not null then jsonb_build_object('id', e.id, 'name', e.name) end as entitlement,
       l.entitlement_id is null and l.decided_by = 'person' as ignored, coalesce(n.accounts, 0)::int as accounts
     from list_right l left join entitlement e on e.id = l.entitlement_id
     left join (select split_part(r.key, E'\\t', 2) as name_key, count(*) as accounts from source_record r
       where r.source = $1 and r.kind = 'held' and r.gone_at is null group by 1) n on n.name_key = l.name_key
     where l.source = $1
     order by l.entitlement_id is null and l.decided_by = 'name' desc, coalesce(n.accounts, 0) desc, l.name limit ${NAMES_SHOWN}`,
    [source],
  )
  const age = (await observationAges(tx, [systemId])).get(systemId)
  const stored = list?.owner && list.owner !== 'draft' ? list : null
  const path = typeof stored?.written?.path === 'string' ? stored.written.path : null
  return {
    system,
    source: stored ? source : null,
    may: { change: change && stored?.owner !== 'file' },
    fileOwned: stored?.owner === 'file',
    reading: readingOf(stored?.written ?? null),
    folder: dropsDir === null || path !== null ? null : join(dropsDir, folder),
    path,
    readAt: age?.readAt ?? null,
    stale: age?.stale ?? false,
    counts: list?.counts ?? { accounts: 0, unlinked: 0, rights: 0, waiting: 0 },
    names,
    entitlements: list?.entitlements ?? [],
    files: list?.files ?? [],
    lastRun: list?.lastRun ?? null,
  }
}

type Run = {
  state: RunState
  phase: RunPhase
  dryRun: boolean
  progress: { done?: number; total?: number | null }
  counts: Counts
  rejected: number
  heldBack: HeldPart[]
  error: RunError | null
  planId: string | null
}

/** What a run of this system's list came to. Throws `not-found` for a run of anything else. */
export async function userListRun(tx: Tx, systemId: string, runId: string): Promise<UserListRun> {
  const [system] = await tx.query<{ key: string }>('select key from it_system where id = $1', [systemId])
  const source = system ? listKey(system.key).source : ''
  const [run] = await tx.query<Run>(
    `select state, phase, dry_run as "dryRun", progress, counts, rejected, held_back as "heldBack", error, plan_id as "planId"
     from feed_run where id = $1 and source = $2`,
    [runId, source],
  )
  if (!run) throw problem('not-found', { detail: 'There is no such run of this list.' })
  const page = { offset: 0, limit: ROWS_SHOWN }
  const rejects = await runRejects(tx, runId, page)
  // Whoever sent the list in has seen what it says; what is protected here stays so.
  const see = { seeProtected: false, seePupils: false, seeBirthDates: false }
  const changes = await planItems(tx, runId, { kind: 'held', ...page }, see)
  const unknown = await unknownNames(tx, { source, systemId, planId: run.planId, dryRun: run.dryRun })
  return {
    state: run.state,
    phase: run.phase,
    dryRun: run.dryRun,
    progress: run.progress.done === undefined ? null : { done: run.progress.done, total: run.progress.total ?? null },
    kinds: (['account', 'held'] as const).flatMap(kind => {
      const counted = run.counts[kind]
      return counted ? [{ kind, ...countsOf(counted) }] : []
    }),
    rejected: run.rejected,
    rejects: rejects.rows,
    changes: changes.rows,
    changesTotal: changes.total,
    heldBack: run.heldBack,
    unknown,
    error: run.error,
  }
}

const countsOf = ({ returned, added, ...rest }: KindCounts) => ({ ...rest, added: added + returned })

/** In a dry run what the plan names and neither the catalogue nor anybody knows; else what waits now. */
async function unknownNames(
  tx: Tx,
  run: { source: string; systemId: string; planId: string | null; dryRun: boolean },
): Promise<UserListRun['unknown']> {
  if (!run.dryRun)
    return tx.query(
      `select min(l.name) as name, count(*)::int as accounts
       from source_record r join list_right l on l.source = $1 and l.name_key = split_part(r.key, E'\\t', 2)
       where r.source = $1 and r.kind = 'held' and r.situation = 'unknown-right' and r.gone_at is null
       group by l.name_key order by accounts desc, name limit ${ROWS_SHOWN}`,
      [run.source],
    )
  return tx.query(
    `with named as (
       select split_part(i.key, E'\\t', 2) as name_key, min(i.after ->> 'right') as name, count(*)::int as accounts
       from plan_item i where i.plan_id = $3 and i.kind = 'held' and i.after is not null group by 1
     )
     select n.name, n.accounts from named n left join list_right l on l.source = $1 and l.name_key = n.name_key
     where l.entitlement_id is null and l.decided_by is distinct from 'person' and (
       select count(*) from entitlement e where e.system_id = $2 and e.gone_at is null
         and (lower(regexp_replace(btrim(normalize(e.name)), '\\s+', ' ', 'g')) = n.name_key
           or lower(split_part(e.key, '/', 2)) = n.name_key or lower(e.key) = n.name_key)) <> 1
     order by n.accounts desc, n.name limit ${ROWS_SHOWN}`,
    [run.source, run.systemId, run.planId],
  )
}
