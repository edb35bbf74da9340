import { z } from 'zod'

/** What an account may be compared by beside its numbers; the account's record must bring it. */
export const CORRELATION_ATTRIBUTES = ['name', 'birthDate', 'unit', 'email', 'phone'] as const
export type CorrelationAttribute = (typeof CORRELATION_ATTRIBUTES)[number]

/** Alone these never say who somebody is: addresses are used again, and names are shared. */
const NEVER_ALONE: readonly string[] = ['name', 'email', 'phone', 'unit']

/**
 * How accounts of a source find their people, after the numbers (employee number, then CPR number). From `certain` on a
 * rule links by itself where nobody else comes near; from `candidate` on it puts somebody on the desk. Without `by`
 * name, birth date and unit together make a candidate.
 */
export const correlationSettings = z
  .strictObject({
    realm: z.enum(['staff', 'pupil']).default('staff'),
    /** False: who an account belongs to is found and shown, and a person links it. */
    link: z.boolean().default(true),
    certain: z.number().int().min(50).max(100).default(95),
    candidate: z.number().int().min(1).max(100).default(50),
    by: z
      .array(
        z.strictObject({
          attributes: z.array(z.enum(CORRELATION_ATTRIBUTES)).min(1),
          confidence: z.number().int().min(1).max(99),
        }),
      )
      .max(10)
      .default([{ attributes: ['name', 'birthDate', 'unit'], confidence: 70 }]),
  })
  .refine(settings => settings.candidate <= settings.certain, {
    error: 'candidate must not be above certain',
    path: ['candidate'],
  })
  .refine(
    settings =>
      settings.by.every(
        rule => rule.confidence < settings.certain || rule.attributes.some(name => !NEVER_ALONE.includes(name)),
      ),
    { error: 'name, e-mail, phone and unit never link: give the rule less confidence than certain', path: ['by'] },
  )
export type CorrelationSettings = z.output<typeof correlationSettings>

/** What holds for a source that says nothing about it. */
export const DEFAULT_CORRELATION: CorrelationSettings = correlationSettings.parse({})
