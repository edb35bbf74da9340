import { addTerm, changeTerm, checkTerm, getVocabularies, listVocabulary, retireTerm } from '#contract/vocabularies.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { addOwnTerm, changeOwnTerm, setChecked, setRetired } from './vocabulary-service.ts'
import { loadTerms } from './vocabulary-store.ts'
import { vocabularyPage } from './vocabulary-views.ts'

/** The words that records of processing activities are made of. */
export function vocabularyRoutes(routes: Routes<Actor>, { clock }: { clock: Clock }): void {
  const ctx = (call: { tx: Tx; actor: Actor }) => ({
    ...{ tx: call.tx, actor: call.actor, now: clock.now(), today: clock.today() },
  })
  routes.add(getVocabularies, async call => ({ terms: await loadTerms(call.tx, call.query.kind) }))
  routes.add(listVocabulary, async call => ({
    ...(await vocabularyPage(call.tx, { ...call.query, kind: call.params.kind, today: clock.today() })),
    allowed: { change: can(call.actor, 'vocabulary.change') },
  }))
  routes.add(addTerm, call => addOwnTerm(ctx(call), call.params.kind, call.body))
  routes.add(changeTerm, call => changeOwnTerm(ctx(call), call.params, call.body))
  routes.add(retireTerm, call => setRetired(ctx(call), call.params, call.body.retired))
  routes.add(checkTerm, call => setChecked(ctx(call), call.params, call.body.expiresOn))
}
