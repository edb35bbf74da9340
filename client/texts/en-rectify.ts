import type { daRectify } from './da-rectify.ts'
import { rectify } from './en/rectify.ts'
import type { Same } from './same.ts'

export const enRectify: Same<typeof daRectify> = { ...rectify }
