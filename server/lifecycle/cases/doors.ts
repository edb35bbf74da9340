import type { CaseForm } from '#contract/lifecycle-forms.ts'
import type { CaseKind } from './case.ts'
import type { Door } from './door.ts'
import { hireDoor } from './hire-door.ts'

/** One entry a kind; what is not here cannot be reported. */
const doors: { [K in CaseForm['kind']]: Door<Extract<CaseForm, { kind: K }>> } = {
  hire: hireDoor,
}

export const doorOf = (kind: CaseKind): Door => doors[kind as CaseForm['kind']] as unknown as Door
