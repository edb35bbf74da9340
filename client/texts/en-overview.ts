import type { daOverview } from './da-overview.ts'
import type { Same } from './same.ts'

export const enOverview: Same<typeof daOverview> = {}
