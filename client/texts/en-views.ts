import type { daViews } from './da-views.ts'
import { views } from './en/views.ts'
import type { Same } from './same.ts'

export const enViews: Same<typeof daViews> = { ...views }
