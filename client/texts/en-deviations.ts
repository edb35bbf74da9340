import type { daDeviations } from './da-deviations.ts'
import type { Same } from './same.ts'

export const enDeviations: Same<typeof daDeviations> = {}
