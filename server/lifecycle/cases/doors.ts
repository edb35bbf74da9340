import type { CaseForm } from '#contract/lifecycle-forms.ts'
import { absenceDoor } from './absence-door.ts'
import type { CaseKind } from './case.ts'
import type { Door } from './door.ts'
import { endDoor } from './end-door.ts'
import { hireDoor } from './hire-door.ts'
import { moveDoor } from './move-door.ts'

/** One entry a kind; what is not here cannot be reported. */
const doors: { [K in CaseForm['kind']]: Door<Extract<CaseForm, { kind: K }>> } = {
  hire: hireDoor,
  move: moveDoor,
  absence: absenceDoor,
  end: endDoor,
}

export const doorOf = (kind: CaseKind): Door => doors[kind as CaseForm['kind']] as unknown as Door
