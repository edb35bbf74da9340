import { palette } from './da/palette.ts'

/** Texts of the command palette. They come with it. */
export const daPalette = { ...palette } as const
