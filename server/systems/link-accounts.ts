import { setUsernames } from '../people/current-store.ts'
import { newId } from '../platform/ids.ts'
import { figuresForNewTables } from '../platform/planner.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { classifyAccounts } from './classify-accounts.ts'
import { type Candidate, decideLink, type LinkAnswer, type LinkQuestion } from './decide-link.ts'
import { findCandidates, readCorrelation } from './find-candidates.ts'
import { leaveOut } from './leave-out.ts'

/** `runId` null: a person's decision, not a run. */
export type LinkRun = { now: Date; runId: string | null }

const BATCH = 5000

/**
 * Who links waits here for whoever decides, and the other way round: what a run has read of links must still be so when
 * it writes what follows. Before any row of `account` is held; after `lockPeople` where both are.
 */
export async function lockLinks(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel:links'))`)
}

/**
 * Says of accounts whose they are: what kind they are, who may be behind them, the situation, and stores links that
 * rules are sure of. `scope` is SQL that selects account ids; accounts that have left their source stay as they are.
 * An account that had to wait, since another one was that person's, is asked again once the other one has gone.
 * Answers the people who have got or lost an account, or whose account goes with another affiliation.
 */
export async function linkAccounts(tx: Tx, scope: string, params: unknown[], run: LinkRun): Promise<string[]> {
  await lockLinks(tx)
  const { touched, waiting } = await linkScope(tx, scope, params, run)
  if (waiting.length > 0) {
    const then = await linkScope(tx, 'select unnest($1::uuid[])', [waiting], run)
    for (const person of then.touched) touched.add(person)
  }
  return [...touched]
}

async function linkScope(
  tx: Tx,
  scope: string,
  params: unknown[],
  run: LinkRun,
): Promise<{ touched: Set<string>; waiting: string[] }> {
  await figuresForNewTables(tx, ['account', 'account_link', 'affiliation', 'affiliation_current', 'person_current'])
  await tx.query(
    `create temporary table link_scope on commit drop as
     select a.id as account_id, a.person_id as had from account a where a.id in (${scope})`,
    params,
  )
  await tx.query('create unique index on link_scope (account_id)')
  await tx.query('analyze link_scope')
  await noteConcerned(tx)
  await classifyAccounts(tx, run.now)
  const left = await tx.query<{ had: string | null }>(
    `delete from link_scope s using account a where a.id = s.account_id and a.situation = 'gone' returning s.had`,
  )
  const sources = await tx.query<{ source: string }>(
    'select distinct a.source from link_scope s join account a on a.id = s.account_id order by a.source',
  )
  const settings = await readCorrelation(
    tx,
    sources.map(row => row.source),
  )
  await leaveOut(tx, settings, run)
  await openLinks(tx)
  await findCandidates(tx, settings)

  const touched = new Set<string>(left.flatMap(row => row.had ?? []))
  for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await nextQuestions(tx, last)
    const end = rows.at(-1)
    if (!end) break
    last = end.id
    const answers = rows.map(({ id, source, ...question }) => ({
      id,
      ...decideLink({ ...question, settings: settings.get(source)! }),
    }))
    for (const person of await writeAnswers(tx, answers, run)) touched.add(person)
  }
  await noteFoundLinked(tx, [...touched])
  await noteUsernames(tx, [...touched])
  const waiting = await stillWaiting(tx)
  await tx.query('drop table link_scope, link_concerned, link_open, link_candidate')
  return { touched, waiting }
}

/**
 * Whoever is behind an account of the scope, or may be, with the account's source, as rows of the temporary table
 * `link_concerned`: read before anything is decided, for what is decided overwrites it.
 */
async function noteConcerned(tx: Tx): Promise<void> {
  await tx.query(`
    create temporary table link_concerned on commit drop as
    select a.source, s.had as person_id from link_scope s join account a on a.id = s.account_id where s.had is not null
    union
    select a.source, coalesce(p.merged_into, p.id) from link_scope s join account a on a.id = s.account_id
    cross join jsonb_to_recordset(a.candidates) as c("personId" uuid) join person p on p.id = c."personId"`)
}

/** Accounts that have no link only because another account of the source was, or could have been, that person's. */
async function stillWaiting(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select a.id from account a where a.situation = 'unlinked' and a.reason = 'already-linked'
       and a.source in (select source from link_concerned)
       and exists (select from jsonb_to_recordset(a.candidates) as c("personId" uuid) join person p on p.id = c."personId"
         join link_concerned k on k.person_id = coalesce(p.merged_into, p.id) and k.source = a.source)`,
  )
  return rows.map(row => row.id)
}

type QuestionRow = Omit<LinkQuestion, 'settings'> & { id: string; source: string }

/** The accounts of the scope after `last`, each with its open links and candidates. */
function nextQuestions(tx: Tx, last: string): Promise<QuestionRow[]> {
  return tx.query<QuestionRow>(
    `with part as materialized (select account_id from link_scope where account_id > $1 order by account_id limit $2),
     links as (
       select k.account_id, json_agg(json_build_object('verdict', k.verdict, 'person', k.person_id, 'identity', k.identity_id,
         'affiliation', k.affiliation_id, 'decidedBy', k.decided_by, 'evidence', k.evidence, 'confidence', k.confidence)
         order by k.since, k.id) as list
       from part s join link_open k on k.account_id = s.account_id group by k.account_id
     ), candidates as (
       select k.account_id, json_agg(json_build_object('person', k.person_id, 'identity', k.identity_id,
         'named', k.affiliation_id, 'affiliation', case when ac.status = 'active' then k.affiliation_id
           else coalesce(pc.primary_affiliation_id, k.affiliation_id) end, 'via', k.via, 'rank', k.rank,
         'confidence', k.confidence, 'taken', k.taken)
         order by k.rank, k.confidence desc, (ac.status = 'active') desc nulls last, ac.is_primary desc nulls last,
           ac.starts_on, k.affiliation_id) as list
       from part s join link_candidate k on k.account_id = s.account_id
       left join affiliation_current ac on ac.affiliation_id = k.affiliation_id
       left join person_current pc on pc.person_id = k.person_id
       group by k.account_id
     )
     select a.id, a.source, a.kind, a.employee_no is not null or a.person_key is not null or a.comparable and exists (
         select from source_record r where r.source = a.source and r.kind = 'account' and r.key = a.key
           and r.payload ? 'cprHash') as numbered,
       coalesce(l.list, '[]') as links, coalesce(c.list, '[]') as candidates
     from part s join account a on a.id = s.account_id
     left join links l on l.account_id = s.account_id left join candidates c on c.account_id = s.account_id
     order by a.id`,
    [last, BATCH],
  )
}

/**
 * Open links of the scope, as rows of the temporary table `link_open`. A link to an affiliation goes where the
 * affiliation goes; the account goes with it while it is in force, and then with the primary one of those that remain.
 */
async function openLinks(tx: Tx): Promise<void> {
  await tx.query(`
    create temporary table link_open on commit drop as
    with held as (
      select k.*, case when k.decided_by = 'rule' then coalesce(f.identity_id, k.person_id) else k.person_id end as identity_id
      from link_scope s join account_link k on k.account_id = s.account_id left join affiliation f on f.id = k.affiliation_id
      where k.until is null and k.verdict <> 'not'
    )
    select k.id, k.account_id, k.verdict, k.identity_id, coalesce(p.merged_into, p.id) as person_id,
      case when ac.status = 'active' and ac.person_id = coalesce(p.merged_into, p.id) then ac.affiliation_id
        else coalesce(pc.primary_affiliation_id, ac.affiliation_id) end as affiliation_id,
      k.decided_by, k.evidence, k.confidence, k.since
    from held k
    left join person p on p.id = k.identity_id
    left join affiliation_current ac on ac.affiliation_id = k.affiliation_id
    left join person_current pc on pc.person_id = coalesce(p.merged_into, p.id)`)
  await tx.query('create index on link_open (account_id)')
  await tx.query('analyze link_open')
}

async function writeAnswers(
  tx: Tx,
  answers: readonly (LinkAnswer & { id: string })[],
  { now, runId }: LinkRun,
): Promise<string[]> {
  const opened = answers.flatMap(({ id, open }) =>
    open ? [{ id: newId(now.getTime()), account: id, ...asLink(open) }] : [],
  )
  if (opened.length > 0)
    await tx.query(
      `insert into account_link (id, account_id, verdict, person_id, affiliation_id, decided_by, evidence, confidence, run_id, since)
       select id, account, 'is', person, affiliation, 'rule', evidence, confidence, $2, $3
       from json_to_recordset($1::json)
         as r(id uuid, account uuid, person uuid, affiliation uuid, evidence text, confidence int)`,
      [JSON.stringify(opened), runId, now],
    )
  const rows = await tx.query<{ had: string | null; has: string | null }>(
    `update account a set person_id = r.person, affiliation_id = r.affiliation, situation = r.situation,
       reason = r.reason, evidence = r.evidence, confidence = r.confidence, candidates = r.candidates,
       found_linked = r."foundLinked", out_of_scope = r."outOfScope", by_intent = r."byIntent",
       situation_since = case when a.situation = r.situation then a.situation_since else $3 end,
       situation_run = case when a.situation = r.situation then a.situation_run else $2 end
     from json_to_recordset($1::json) as r(id uuid, person uuid, affiliation uuid, situation text, reason text,
       evidence text, confidence int, candidates jsonb, "foundLinked" boolean, "outOfScope" boolean, "byIntent" boolean)
     join account before on before.id = r.id
     where a.id = r.id and (a.person_id, a.affiliation_id, a.situation, a.reason, a.evidence, a.confidence, a.candidates,
         a.out_of_scope, a.by_intent, a.situation <> 'linked' and a.found_linked)
       is distinct from (r.person, r.affiliation, r.situation, r.reason, r.evidence, r.confidence, r.candidates,
         r."outOfScope", r."byIntent", r."foundLinked")
     returning before.person_id as had, a.person_id as has`,
    [JSON.stringify(answers.map(stored)), runId, now],
  )
  return rows.flatMap(row => [row.had, row.has]).filter(id => id !== null)
}

/** By an employee number the link is to the affiliation that it names; by anything else to the person alone. */
const asLink = (one: Candidate) => ({
  person: one.identity,
  affiliation: one.named,
  evidence: one.via,
  confidence: one.confidence,
})

const stored = ({ open: _, candidates, ...answer }: LinkAnswer & { id: string }) => ({
  ...answer,
  candidates: candidates.map(({ identity, affiliation, via, confidence, rank }) => ({
    personId: identity,
    affiliationId: affiliation,
    via,
    confidence,
    byRule: rank > 0,
  })),
})

/** Two accounts of one source that are one person's: allowed, and flagged on both. */
async function noteFoundLinked(tx: Tx, persons: readonly string[]): Promise<void> {
  await tx.query(
    `update account a set found_linked = n.several
     from (select id, count(*) over (partition by source, person_id) > 1 as several from account
       where person_id = any($1) and kind = 'personal' and situation = 'linked') n
     where a.id = n.id and a.found_linked <> n.several`,
    [persons],
  )
}

/** People are also searched for by user name: where what they are searched by differs from their accounts. */
async function noteUsernames(tx: Tx, persons: readonly string[]): Promise<void> {
  // Not one person at a time: right after a first load the planner takes all accounts for nobody's.
  const rows = await tx.query<{ personId: string; usernames: string[] }>(
    `with who as materialized (
       select had as id from link_scope where had is not null union select unnest($1::uuid[])
     ), named as (
       select a.person_id, array_agg(a.username order by a.username collate "C") as names
       from who join account a on a.person_id = who.id where a.situation <> 'gone' group by a.person_id
     )
     select p.person_id as "personId", coalesce(n.names, '{}') as usernames
     from who join person_current p on p.person_id = who.id left join named n on n.person_id = who.id
     where p.usernames <> coalesce(array_to_string(n.names, ' '), '')`,
    [persons],
  )
  await setUsernames(tx, rows)
}
