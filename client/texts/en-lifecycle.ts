import type { daLifecycle } from './da-lifecycle.ts'
import { lifecycle } from './en/lifecycle.ts'
import type { Same } from './same.ts'

export const enLifecycle: Same<typeof daLifecycle> = { ...lifecycle }
