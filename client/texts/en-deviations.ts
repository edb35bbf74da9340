import type { daDeviations } from './da-deviations.ts'
import { findings } from './en/findings.ts'
import type { Same } from './same.ts'

export const enDeviations: Same<typeof daDeviations> = { ...findings }
