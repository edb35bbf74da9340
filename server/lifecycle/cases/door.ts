import type { Missing } from '#contract/lifecycle.ts'
import type { CaseForm } from '#contract/lifecycle-forms.ts'
import type { FactDeps, StatedFact } from '../../people/report-facts.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Doer, Placed, StoredCase } from './case.ts'

/** What a door states: of whom, about which affiliation, and the facts. */
export type Statement = {
  personId: string
  /** Nobody of this name was known before. */
  made: boolean
  affiliationId: string
  facts: StatedFact[]
  /** Affiliations that taking earlier facts back has changed. */
  changed?: string[]
}
export type Asking = {
  /** The number in clear, opened for this command. */
  cpr: string | null
  by: Doer
  today: string
}

/**
 * One kind of report. Everything else (drafts, versions, who may, approval, sending, taking back a preview) is the
 * same for all of them and stands in case-service.ts and carry-out-case.ts.
 */
export type Door<Form extends CaseForm = CaseForm> = {
  /** Pure: what of the form stands in columns. */
  place(form: Form): Placed
  /** What it is about in a few words, for lists: a title. Pure. */
  title(form: Form): string | null
  /** What is missing or wrong before it can be sent; looks up what the form names. */
  missing(
    tx: Tx,
    one: Pick<StoredCase, 'form' | 'door' | 'cprSealed'> & { form: Form },
    asking: Asking,
  ): Promise<Missing[]>
  /** Finds or makes whom it is about, and says the facts. Makes identities, states nothing itself. */
  facts(tx: Tx, one: StoredCase & { form: Form }, asking: Asking, deps: FactDeps): Promise<Statement>
  /** The form that a copy begins with: the unit and the position, never the person or anybody's rights. */
  copy(form: Form): Form
}
