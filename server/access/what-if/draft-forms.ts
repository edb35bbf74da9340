import type { ResponseOf } from '#contract/endpoint.ts'
import type { Grantable, RoleForm } from '#contract/rule-forms.ts'
import { say } from '#contract/said.ts'
import type { DraftChange } from '#contract/what-if-draft.ts'
import type { DraftFormChange, getDraftForm } from '#contract/what-if-form.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { formOfRole } from '../../rules/rule-form.ts'
import type { RulesFile } from '../../rules/rules-yaml.ts'
import { asForm, exceptionsOf, newRuleView, withNames } from '../rule-desk/form-views.ts'
import { planOn } from '../rule-desk/rule-desk-service.ts'
import { grantableOf } from '../rule-desk/vocabulary-view.ts'
import { sameContent, storedRules } from '../rules-change-service.ts'
import { type RulesOf, rulesStep } from './draft-rules.ts'
import type { StoredDraft } from './draft-store.ts'
import { placeRules } from './place-rules.ts'

type Draft = Pick<StoredDraft, 'name' | 'onDate' | 'version' | 'changes'>

/** Rules and roles as the draft has written them; what its other changes do to them is not for a form to show. */
function bookOf(stored: RulesFile, { name, onDate, changes }: Draft): RulesFile {
  let book: RulesOf = { rules: stored.rules, roles: stored.roles as RulesOf['roles'] }
  for (const change of changes)
    if (WRITTEN.has(change.kind)) {
      const step = rulesStep(change, book, { onDate, draft: name })
      if (step && step.problems.length === 0) book = { rules: step.rules, roles: step.roles }
    }
  return { ...stored, rules: [...book.rules], roles: [...book.roles] }
}
const WRITTEN: ReadonlySet<DraftChange['kind']> = new Set(['rule-put', 'rule-retire', 'role-put', 'role-retire'])

const EMPTY_ROLE: RoleForm = { key: '', name: '', description: null, entitlements: [], roles: [] }

/** A rule or role of the draft as a form; null where neither the draft nor what is in force has it. */
export async function draftFormView(
  tx: Tx,
  actor: Actor,
  draft: Draft,
  asked: { kind: 'rule' | 'role'; key?: string | undefined },
  today: string,
): Promise<ResponseOf<typeof getDraftForm> | null> {
  const stored = await storedRules(tx)
  const book = bookOf(stored, draft)
  const known = new Set(stored.roles.map(one => one.key))
  const made = book.roles.flatMap((one): Grantable[] =>
    known.has(one.key)
      ? []
      : [
          {
            ...{ key: one.key, name: one.name, kind: 'role', note: null, sensitivity: 'none' },
            ...{ privileged: false, takes: [], gone: false },
          },
        ],
  )
  // What the draft makes is in no table, and is not gone for that.
  const named = (list: Grantable[]) => list.map(one => made.find(other => other.key === one.key) ?? one)
  const page = { draft: { name: draft.name, version: draft.version }, made, isNew: asked.key === undefined }
  if (asked.kind === 'role') {
    const role = book.roles.find(one => one.key === asked.key)
    if (asked.key !== undefined && !role) return null
    const form = role ? formOfRole(role) : EMPTY_ROLE
    const rights = form.entitlements.map(one => one.key)
    const grantable = named(await grantableOf(tx, rights, form.roles))
    return { ...page, change: { kind: 'role', form }, grantable, people: [] }
  }
  const rule = book.rules.find(one => one.key === asked.key)
  if (asked.key !== undefined && !rule) return null
  const { form, grantable, people } = rule
    ? await withNames(tx, actor, asForm(rule, exceptionsOf(book.rules, rule.key)), null)
    : await newRuleView(tx, actor, {}, today)
  return { ...page, change: { kind: 'rule', form }, grantable: named(grantable), people }
}

/**
 * The changes of a draft with this form in it. Checked as a save at the desk is, on the rules as the draft has them:
 * throws `rules-invalid` with each problem, `conflict` where a new one has the key of another.
 */
export async function putForm(
  tx: Tx,
  draft: Draft,
  { change, isNew }: { change: DraftFormChange; isNew: boolean },
): Promise<DraftChange[]> {
  const stored = await storedRules(tx)
  const book = bookOf(stored, draft)
  const list: readonly { key: string }[] = change.kind === 'rule' ? book.rules : book.roles
  const known = list.some(one => one.key === change.form.key)
  if (known && isNew)
    throw problem('conflict', {
      detail: `There is a ${change.kind} with the key "${change.form.key}" already. Choose another key.`,
      said: say(`${change.kind}-key-taken`, { key: change.form.key }),
    })
  if (!known && !isNew) throw problem('not-found')
  const { patch } = await planOn(tx, change, book)
  return placeRules(draft.changes, patch, stored, { newId: () => newId().slice(0, 18), same: sameContent })
}
