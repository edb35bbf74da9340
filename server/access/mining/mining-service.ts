import type { BodyOf } from '#contract/endpoint.ts'
import type { acceptProposal, startMining } from '#contract/mining.ts'
import type { ConditionTree, RoleForm, RuleForm } from '#contract/rule-forms.ts'
import { say } from '#contract/said.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import { roleOfForm, rulesOfForm } from '../../rules/rule-form.ts'
import { draftOf, dropDraft, keepDraft } from '../rule-desk/rule-draft-store.ts'
import { loadDraft } from '../what-if/draft-store.ts'
import { createDraft, saveWorked, withdrawDraft, workOut } from '../what-if/drafts-service.ts'
import { visibleDraft } from '../what-if/drafts-views.ts'
import type { When } from '../what-if/when.ts'
import { countPeople, MOST_PEOPLE } from './held-matrix-store.ts'
import * as store from './mining-store.ts'
import { scopeKey } from './propose-roles.ts'

/** The order of an ordinary rule; a prohibition stands at 900. */
const RULE_ORDER = 100

/**
 * Whether the scope is there and the actor may look at it. Throws `not-found`, `not-allowed` for more than the own systems,
 * or `data-invalid` for more people than one search takes.
 */
export async function startRun(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof startMining>,
  now: Date,
  most = MOST_PEOPLE,
): Promise<string> {
  const { scope, aim, options } = body
  const systemId = scope.kind === 'system' ? scope.id : null
  if (!allows(actor, 'change', 'Mining', { systemId })) throw problem(systemId ? 'not-found' : 'not-allowed')
  if (!(await scopeIsThere(tx, scope))) throw problem('not-found')
  const people = await countPeople(tx, scope)
  if (people > most)
    throw problem('data-invalid', {
      detail: `A search takes ${most} people at most, and this is about ${people}. Search a part of the organisation.`,
      said: say('search-too-many', { people, most }),
    })
  await store.buryDead(tx)
  const id = newId()
  const run = { id, scopeKind: scope.kind, scopeKey: scopeKey(scope), systemId, aim, options, startedBy: actor.userId }
  if (!(await store.insertRun(tx, run, now)))
    throw problem('conflict', {
      detail: 'A search of the same rights is under way. Wait for it, or stop it.',
      said: say('search-under-way', {}),
    })
  return id
}

async function scopeIsThere(tx: Tx, scope: BodyOf<typeof startMining>['scope']): Promise<boolean> {
  if (scope.kind === 'all') return true
  const from = {
    unit: `org_unit_current where unit_id::text = $1 and active`,
    area: `it_system where area = $1 and gone_at is null`,
    system: `it_system where id::text = $1 and gone_at is null`,
  }[scope.kind]
  return (await tx.query(`select 1 from ${from} limit 1`, [scopeKey(scope)])).length > 0
}

export async function stopRun(tx: Tx, run: store.StoredRun): Promise<void> {
  if (run.state !== 'running')
    throw problem('conflict', {
      detail: 'This search has ended already.',
      said: say('search-ended', {}),
    })
  await store.askToStop(tx, run.id)
}

export type Accepted = { draftId: string; ruleKey: string; roleKey: string }

/**
 * Makes a proposal a role and a rule that gives it, to those whom the description meets: as unfinished changes on the
 * desk of rules, and together in a draft of changes whose effect is worked out. Nothing of it is in force: that takes a
 * save on the desk or an approval of the draft, each with its guards. Throws `conflict` where it is decided already, and
 * `data-invalid` where none of its rights can be given any more.
 */
export async function accept(
  tx: Tx,
  proposal: store.StoredProposal,
  given: BodyOf<typeof acceptProposal> & { by: string },
  when: When,
): Promise<Accepted> {
  stillOpen(proposal)
  const rights = await store.givableKeys(tx, proposal.rights)
  if (rights.length === 0)
    throw problem('data-invalid', {
      detail: 'None of these rights can be given any more. Run the search again.',
      said: say('search-nothing-left', {}),
    })
  const key = await freeKey(tx, given.name)
  const role: RoleForm = {
    ...{ key, name: given.name, description: given.purpose, roles: [] },
    entitlements: rights.map(right => ({ key: right, limits: [] })),
  }
  const rule: RuleForm = {
    ...{ key, name: given.name, owner: given.owner, ownerPerson: null, purpose: given.purpose },
    ...{
      inverted: false,
      reason: null,
      conditions: conditionsOf(proposal),
      entitlements: [],
      roles: [key],
      limits: [],
    },
    ...{ validFrom: when.today, validTo: null, order: RULE_ORDER, state: 'draft', exceptions: [] },
  }
  const { now, today } = when
  const kept = { key, version: null, note: given.purpose.slice(0, 500), by: given.by, now }
  await keepDraft(tx, { ...kept, kind: 'role', change: { kind: 'role', form: role } })
  await keepDraft(tx, { ...kept, kind: 'rule', change: { kind: 'rule', form: rule } })
  const [written] = rulesOfForm({ ...rule, state: 'active' }, { rule: undefined, exceptions: [], taken: new Set() })
  const draftId = await createDraft(
    tx,
    {
      ...{ name: given.name, note: given.purpose, onDate: today },
      changes: [
        { id: 'role', kind: 'role-put', role: { ...roleOfForm(role, undefined) } },
        { id: 'rule', kind: 'rule-put', rule: { ...written } },
      ],
    },
    given.by,
    when,
  )
  const draft = await loadDraft(tx, draftId)
  if (draft) await saveWorked(tx, draft, 'same-date', await workOut(tx, draft, 'same-date', when), now)
  const made = { draftId, ruleKey: key, roleKey: key }
  await store.setDecided(tx, proposal, { state: 'accepted', by: given.by, at: now, name: given.name, ...made })
  return made
}

/** The description as conditions; the kinds of affiliation keep pupils of a school out of what its staff gets. */
function conditionsOf({ unitKey, positionKey, kinds }: store.StoredProposal): ConditionTree {
  return {
    join: 'all',
    parts: [
      ...(unitKey ? [{ field: 'unit', op: 'under' as const, values: [unitKey] }] : []),
      ...(positionKey ? [{ field: 'position', op: 'in' as const, values: [positionKey] }] : []),
      ...(kinds.length > 0 ? [{ field: 'kind', op: 'in' as const, values: kinds }] : []),
    ],
  }
}

/** A key that reads like the name, and that no rule, role or unfinished change has. */
async function freeKey(tx: Tx, name: string): Promise<string> {
  const start =
    name
      .toLocaleLowerCase('da')
      .replaceAll('æ', 'ae')
      .replaceAll('ø', 'oe')
      .replaceAll('å', 'aa')
      .normalize('NFD')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 60) || 'rolle'
  const taken = await store.keysTaken(tx, start)
  for (let n = 1; ; n++) {
    const key = n === 1 ? start : `${start}-${n}`
    if (!taken.has(key)) return key
  }
}

export async function reject(
  tx: Tx,
  proposal: store.StoredProposal,
  given: { by: string; reason: string },
  now: Date,
): Promise<void> {
  stillOpen(proposal)
  await store.setDecided(tx, proposal, { state: 'rejected', at: now, ...given })
}

/**
 * The proposal is open again. The draft of an accepted one is withdrawn, and the unfinished changes go unless somebody
 * has worked on them since. Throws `conflict` where the draft is on its way or not the actor's to withdraw.
 */
export async function undo(tx: Tx, actor: Actor, proposal: store.StoredProposal, when: When): Promise<void> {
  if (proposal.state === 'open')
    throw problem('conflict', {
      detail: 'Nothing has been decided about it.',
      said: say('proposal-undecided', {}),
    })
  if (proposal.state === 'accepted' && proposal.draftId) {
    const draft = await visibleDraft(tx, actor, proposal.draftId, 'change')
    if (draft?.state !== 'draft' && draft?.state !== 'withdrawn')
      throw problem('conflict', {
        detail: 'Its draft is on its way, or is not yours. Take it back there.',
        said: say('proposal-draft-on-its-way', {}),
      })
    if (draft.state === 'draft')
      await withdrawDraft(tx, draft, { by: actor.userId, reason: 'The proposal was taken back' }, when)
    for (const [kind, key] of [
      ['rule', proposal.ruleKey],
      ['role', proposal.roleKey],
    ] as const) {
      const kept = key === null ? null : await draftOf(tx, actor, kind, key)
      if (key !== null && kept?.at === proposal.decidedAt?.toISOString()) await dropDraft(tx, kind, key)
    }
  }
  await store.setDecided(tx, proposal, { state: 'open', by: null, at: null })
}

function stillOpen(proposal: store.StoredProposal): void {
  if (proposal.state !== 'open')
    throw problem('conflict', {
      detail: 'Somebody has decided about this proposal already. Open it again.',
      said: say('proposal-decided', {}),
    })
}
