import type { MiningOptions, MiningScope, ProposalState } from '#contract/mining.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

export type StoredRun = {
  id: string
  scopeKind: MiningScope['kind']
  scopeKey: string
  systemId: string | null
  aim: 'few' | 'light' | 'broad'
  options: MiningOptions
  state: 'running' | 'done' | 'stopped' | 'failed' | 'interrupted'
  startedBy: string
}
export type StoredProposal = {
  runId: string
  nr: number
  state: ProposalState
  rights: string[]
  holders: string[]
  unitKey: string | null
  positionKey: string | null
  kinds: string[]
  decidedAt: Date | null
  draftId: string | null
  roleKey: string | null
  ruleKey: string | null
}
export type Progress = { phase: string; done: number; roles: number | null; complexity: number | null }
export type RunResult = {
  roles: number
  complexity: number
  fewest: boolean | null
  left: number
  held: number
  deviation: { entitlement: string; people: number }[]
  rejectedBefore: number
}
export type NewProposal = {
  rights: string[]
  holders: string[]
  hash: string
  unit: string | null
  position: string | null
  kinds: string[]
  hits: number
  meets: number
  newly: number
}

/** A run whose process has not written for so long is of a dead process. It writes every second. */
const DEAD = '30 seconds'
/** SQL of a run's state over the alias: also of one whose process can no longer write it. */
export const stateSql = (r: string): string =>
  `case when ${r}.state = 'running' and ${r}.beat_at < clock_timestamp() - interval '${DEAD}' then 'interrupted' else ${r}.state end`

/** Runs that a dead process left are set down as interrupted, so that the same may be begun again. */
export async function buryDead(tx: Tx): Promise<void> {
  await tx.query(
    `update mining_run r set state = 'interrupted', ended_at = beat_at
     where state = 'running' and ${stateSql('r')} = 'interrupted'`,
  )
}

/** False: there is a run with this scope under way. */
export async function insertRun(tx: Tx, run: Omit<StoredRun, 'state'>, now: Date): Promise<boolean> {
  const made = await tx.query(
    `insert into mining_run (id, scope_kind, scope_key, system_id, aim, options, state, progress, started_by, started_at)
     values ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9)
     on conflict (scope_kind, scope_key) where state = 'running' do nothing returning 1`,
    [
      ...[run.id, run.scopeKind, run.scopeKey, run.systemId, run.aim, JSON.stringify(run.options)],
      ...[JSON.stringify({ phase: 'reading', done: 0, roles: null, complexity: null } satisfies Progress)],
      ...[run.startedBy, now],
    ],
  )
  return made.length > 0
}

export async function loadRun(tx: Tx, id: string): Promise<StoredRun | null> {
  const [row] = await tx.query<StoredRun>(
    `select id, scope_kind as "scopeKind", scope_key as "scopeKey", system_id as "systemId", aim, options,
       ${stateSql('r')} as state, started_by as "startedBy" from mining_run r where id = $1`,
    [id],
  )
  return row ?? null
}

export async function askToStop(tx: Tx, id: string): Promise<void> {
  await tx.query('update mining_run set stop_asked = true where id = $1', [id])
}

export async function saveMatrix(
  tx: Tx,
  id: string,
  matrix: { people: number; holders: number; rights: number; held: number },
): Promise<void> {
  await tx.query('update mining_run set matrix = $2, beat_at = clock_timestamp() where id = $1', [
    id,
    JSON.stringify(matrix),
  ])
}

/** Says that the process lives and how far it is; answers whether it goes on, is to stop, or was given up. */
export async function beat(tx: Tx, id: string, progress: Progress | null): Promise<'go-on' | 'stop' | 'given-up'> {
  const [row] = await tx.query<{ stop: boolean }>(
    `update mining_run set beat_at = clock_timestamp(), progress = coalesce($2, progress)
     where id = $1 and state = 'running' returning stop_asked as stop`,
    [id, progress && JSON.stringify(progress)],
  )
  return row ? (row.stop ? 'stop' : 'go-on') : 'given-up'
}

/** False: it is no longer under way, because somebody took it for dead. */
export async function endRun(
  tx: Tx,
  id: string,
  end: { state: 'done' | 'stopped' | 'failed' | 'interrupted'; result?: RunResult | null; error?: string },
): Promise<boolean> {
  const ended = await tx.query(
    `update mining_run set state = $2, result = $3, error = $4, ended_at = clock_timestamp(), progress = null
     where id = $1 and state = 'running' returning 1`,
    [id, end.state, end.result ? JSON.stringify(end.result) : null, end.error ?? null],
  )
  return ended.length > 0
}

/** Of these sets of rights, those that somebody has said no to. */
export async function rejectedBefore(tx: Tx, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ hash: string }>(
    `select distinct rights_hash as hash from mining_proposal where state = 'rejected' and rights_hash = any($1)`,
    [hashes],
  )
  return new Set(rows.map(row => row.hash))
}

export async function insertProposals(tx: Tx, runId: string, proposals: readonly NewProposal[]): Promise<void> {
  for (let start = 0; start < proposals.length; start += PART) {
    const rows = proposals.slice(start, start + PART).map((one, at) => ({ ...one, nr: start + at + 1 }))
    await tx.query(
      `insert into mining_proposal (run_id, nr, rights, holders, rights_hash, unit_key, position_key, kinds, hits, meets, newly)
       select $1, nr, rights, holders, hash, unit, position, kinds, hits, meets, newly
       from jsonb_to_recordset($2::jsonb) as p (nr int, rights uuid[], holders uuid[], hash text, unit text,
         position text, kinds text[], hits int, meets int, newly int)`,
      [runId, JSON.stringify(rows)],
    )
  }
}
const PART = 200

/** Locked until the command ends, so that two people do not decide on it at once. */
export async function lockProposal(tx: Tx, runId: string, nr: number): Promise<StoredProposal | null> {
  const [row] = await tx.query<StoredProposal>(
    `select run_id as "runId", nr, state, rights, holders, unit_key as "unitKey", position_key as "positionKey", kinds,
       decided_at as "decidedAt", draft_id as "draftId", role_key as "roleKey", rule_key as "ruleKey"
     from mining_proposal where run_id = $1 and nr = $2 for update`,
    [runId, nr],
  )
  return row ?? null
}

export async function setDecided(
  tx: Tx,
  { runId, nr }: Pick<StoredProposal, 'runId' | 'nr'>,
  given: {
    state: ProposalState
    by: string | null
    at: Date | null
    reason?: string
    name?: string
    draftId?: string
    roleKey?: string
    ruleKey?: string
  },
): Promise<void> {
  await tx.query(
    `update mining_proposal set state = $3, decided_by = $4, decided_at = $5, reason = $6, name = $7, draft_id = $8,
       role_key = $9, rule_key = $10 where run_id = $1 and nr = $2`,
    [
      ...[runId, nr, given.state, given.by, given.at, given.reason ?? null, given.name ?? null],
      ...[given.draftId ?? null, given.roleKey ?? null, given.ruleKey ?? null],
    ],
  )
}

/** Entitlements by id that may still be given, in the order of their keys. */
export async function givableKeys(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select key from entitlement where id = any($1) and gone_at is null and status = 'active' order by key`,
    [ids],
  )
  return rows.map(row => row.key)
}

/** Keys that rules, roles and unfinished changes of them use already, of those that begin so. */
export async function keysTaken(tx: Tx, start: string): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>(
    `select key from rights_rule where starts_with(key, $1) union select key from rights_role where starts_with(key, $1)
     union select key from rule_draft where starts_with(key, $1)`,
    [start],
  )
  return new Set(rows.map(row => row.key))
}

/** What runs proposed half a year ago and nobody has accepted or rejected is of another day; decisions are kept. */
export async function forgetOldRuns(tx: Tx, before: Date): Promise<void> {
  await tx.query(
    `delete from mining_proposal p using mining_run r
    where r.id = p.run_id and p.state = 'open' and r.started_at < $1`,
    [before],
  )
  await tx.query(
    `delete from mining_run r where r.started_at < $1 and r.state <> 'running'
     and not exists (select from mining_proposal p where p.run_id = r.id)`,
    [before],
  )
  // A decision is about a set of rights; who held it then is no longer anybody's business.
  await tx.query(
    `update mining_proposal p set holders = '{}' from mining_run r
     where r.id = p.run_id and r.started_at < $1 and p.holders <> '{}'`,
    [before],
  )
}
