import { da, type Same } from './da.ts'

export const en: Same<typeof da> = da
