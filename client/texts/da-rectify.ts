import { rectify } from './da/rectify.ts'

/** Texts of "this is wrong". */
export const daRectify = { ...rectify } as const
