import type { MappingStep } from '#contract/mappings.ts'

/** Whose a mapping is, and where it is asked. */
export type Standing = { position: number; origin: 'file' | 'screen' }
/** A mapping that was moved goes back where it stood; only taking a change back asks for it. `from`: where it is. */
export type PlaceBack = { do: 'place-back'; mapping: string; from: number } & Standing
/** What is carried out and kept: what people ask for, and what takes it back. */
export type CarriedStep = MappingStep | PlaceBack

/** The steps of these kinds. */
export const stepsOf = <Do extends CarriedStep['do']>(steps: readonly CarriedStep[], ...wanted: Do[]) =>
  steps.filter((step): step is Extract<CarriedStep, { do: Do }> => (wanted as string[]).includes(step.do))
