import type { PlanLine } from '#contract/lifecycle.ts'

/** What carrying out a report has made, as far as what follows is read from it. */
export type Carried = {
  personId: string
  affiliationId: string
  made: boolean
  from: string
  /** It is a second affiliation beside this one. */
  base?: string | null
}
export type Ref = NonNullable<PlanLine['right']>
export const line = (given: Partial<PlanLine> & Pick<PlanLine, 'on' | 'what' | 'code'>): PlanLine => ({
  right: null,
  limits: [],
  rule: null,
  until: null,
  owner: null,
  state: null,
  subject: null,
  text: null,
  ...given,
})
