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
    /**
     * Accounts that nobody here follows: user names with `*` for any letters, and everything below an OU. An entry can
     * say it of itself too, by the attribute `outOfScope` of its mapping. What a person has decided stands above it.
     */
    outOfScope: z
      .strictObject({
        usernames: z.array(z.string().trim().min(2).max(100)).max(50).default([]),
        below: z
          .array(
            z
              .string()
              .trim()
              .min(3)
              .max(1000)
              .refine(dn => dn.includes('='), 'is no DN: write it as OU=Eksterne,DC=kommune,DC=dk'),
          )
          .max(50)
          .default([]),
      })
      .prefault({})
      .refine(({ usernames }) => usernames.every(one => /[^*]/.test(one)), {
        error: 'a pattern of stars alone would leave out every account',
        path: ['usernames'],
      }),
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
