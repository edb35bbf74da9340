import { RIGHT_CLASSES, type RightClass } from '../../systems/right-class.ts'

export const ABSENCES = ['parental', 'sick', 'other', 'suspension'] as const
export type Absence = (typeof ABSENCES)[number]
export type AbsenceEffect = 'keep' | 'suspend'
export type AbsencePolicy = Readonly<Record<Absence, Readonly<Record<RightClass, AbsenceEffect>>>>
/** Days that a right of each class stays after a move; 0: it goes at once. */
export type GracePolicy = Readonly<Record<RightClass, number>>

const AWAY: Readonly<Record<RightClass, AbsenceEffect>> = {
  ...{ basic: 'keep', ordinary: 'keep', sensitive: 'suspend', privileged: 'suspend', kit: 'keep' },
}

/**
 * Until somebody decides otherwise. Who is away keeps the mailbox and what is of no harm; who is suspended from duty
 * keeps nothing for as long as it lasts, and nothing is deleted.
 */
export const DEFAULT_ABSENCE: AbsencePolicy = {
  ...{ parental: AWAY, sick: AWAY, other: AWAY },
  suspension: { basic: 'suspend', ordinary: 'suspend', sensitive: 'suspend', privileged: 'suspend', kit: 'suspend' },
}

export const DEFAULT_GRACE: GracePolicy = { basic: 14, ordinary: 14, sensitive: 0, privileged: 0, kit: 14 }

/** Words by which sources name what an absence is; everything else is `other`. Compared as beginnings of the text, folded. */
const WORDS: readonly (readonly [Absence, readonly string[]])[] = [
  ['suspension', ['suspen', 'tjenestefrita', 'fritaget']],
  ['parental', ['barsel', 'parental', 'maternity', 'paternity', 'adoption', 'forældre', 'graviditet', 'omsorgsorlov']],
  ['sick', ['syg', 'sick', 'delvis syg', 'langtidssyg']],
]

/** Which of the absences of the policy a source's own word for a leave is. */
export function absenceOf(leaveKind: string | null): Absence {
  const text = (leaveKind ?? '').trim().toLowerCase()
  return WORDS.find(([, words]) => words.some(word => text.startsWith(word)))?.[0] ?? 'other'
}

/** The same in SQL of a column of text. */
export const absenceSql = (column: string): string =>
  `case ${WORDS.map(
    ([absence, words]) =>
      `when ${words.map(word => `starts_with(lower(trim(${column})), '${word}')`).join(' or ')} then '${absence}'`,
  ).join(' ')} else 'other' end`

/** Pairs whose effect is not `keep`, for a statement to join with. */
export const suspendingPairs = (policy: AbsencePolicy): { absence: Absence; class: RightClass }[] =>
  ABSENCES.flatMap(absence =>
    RIGHT_CLASSES.filter(one => policy[absence][one] === 'suspend').map(one => ({ absence, class: one })),
  )
