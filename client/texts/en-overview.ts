import type { daOverview } from './da-overview.ts'
import { matrix } from './en/matrix.ts'
import { pages } from './en/pages.ts'
import type { Same } from './same.ts'

export const enOverview: Same<typeof daOverview> = { ...matrix, ...pages }
