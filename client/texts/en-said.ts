import type { daSaid } from './da-said.ts'
import { trouble } from './en/trouble.ts'
import type { Same } from './same.ts'

export const enSaid: Same<typeof daSaid> = { ...trouble }
