import type { daPalette } from './da-palette.ts'
import { palette } from './en/palette.ts'
import type { Same } from './same.ts'

export const enPalette: Same<typeof daPalette> = { ...palette }
