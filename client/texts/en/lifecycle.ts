import type { lifecycle as da } from '../da/lifecycle.ts'
import type { Same } from '../same.ts'

export const lifecycle: Same<typeof da> = { lifecycle: { title: 'Joining and leaving' } }
