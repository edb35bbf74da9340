import type { daOverview } from './da-overview.ts'
import { matrix } from './en/matrix.ts'
import { views } from './en/views.ts'
import type { Same } from './same.ts'

export const enOverview: Same<typeof daOverview> = { ...matrix, ...views }
