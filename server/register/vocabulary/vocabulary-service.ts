import type { BodyOf } from '#contract/endpoint.ts'
import type { addTerm, changeTerm, VocabularyKind } from '#contract/vocabularies.ts'
import { audit } from '../../audit/audit-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { classFits, type Term } from './vocabulary.ts'
import { insertTerm, lockTerm, updateTerm } from './vocabulary-store.ts'

type Context = { tx: Tx; actor: Actor; now: Date; today: string }
type Which = { kind: VocabularyKind; code: string }

/** A term of the municipality's own. A code that is taken, or a class that no law knows, is refused. */
export async function addOwnTerm(ctx: Context, kind: VocabularyKind, body: BodyOf<typeof addTerm>): Promise<Term> {
  const fresh = { dpv: [], checkedOn: null, retired: false, origin: 'own' as const }
  const term: Term = { kind, ...body, ...fresh }
  requireClass(term)
  if (!(await insertTerm(ctx.tx, term)))
    throw problem('conflict', { detail: `The vocabulary has a term with the code "${term.code}" already.` })
  await tell(ctx, 'vocabulary.added', null, term)
  return term
}

/** Other words for a term of our own. What came with Hjemmel keeps its words: records elsewhere mean the same by it. */
export async function changeOwnTerm(ctx: Context, which: Which, body: BodyOf<typeof changeTerm>): Promise<Term> {
  const before = await termOf(ctx, which)
  if (before.origin === 'shipped')
    throw problem('conflict', {
      detail: `"${which.code}" came with Hjemmel and keeps its words. Retire it and add a term of your own.`,
    })
  const term = { ...before, ...body }
  requireClass(term)
  return store(ctx, 'vocabulary.changed', before, term)
}

/** Offered no more, or again. Records that use the term keep it. */
export async function setRetired(ctx: Context, which: Which, retired: boolean): Promise<Term> {
  const before = await termOf(ctx, which)
  return store(ctx, retired ? 'vocabulary.retired' : 'vocabulary.restored', before, { ...before, retired })
}

/** Somebody has looked it up today. */
export async function setChecked(ctx: Context, which: Which, expiresOn: string | null): Promise<Term> {
  const before = await termOf(ctx, which)
  return store(ctx, 'vocabulary.checked', before, { ...before, checkedOn: ctx.today, expiresOn })
}

async function termOf({ tx }: Context, { kind, code }: Which): Promise<Term> {
  const term = await lockTerm(tx, kind, code)
  if (!term) throw problem('not-found', { detail: `The vocabulary "${kind}" has no term "${code}".` })
  return term
}

function requireClass(term: Term): void {
  if (!classFits(term.kind, term.class))
    throw problem('data-invalid', {
      detail: 'Say what the law calls the data: ordinary, confidential, special, criminal or cpr.',
    })
}

async function store(ctx: Context, action: string, before: Term, term: Term): Promise<Term> {
  await updateTerm(ctx.tx, term, ctx.now)
  await tell(ctx, action, before, term)
  return term
}

async function tell(ctx: Context, action: string, before: Term | null, after: Term): Promise<void> {
  await audit(ctx.tx).write({
    actor: auditActor(ctx.actor),
    ...{ action, subjectKind: 'vocabulary', detail: { kind: after.kind, code: after.code } },
    ...(before ? { before: said(before) } : {}),
    after: said(after),
  })
}

const said = ({ da, en, class: sort, noteDa, noteEn, link, checkedOn, expiresOn, retired }: Term) => ({
  ...{ da, en, class: sort, noteDa, noteEn, link, checkedOn, expiresOn, retired },
})
