/** Texts of what-if drafts and of proposals of roles. They come with the first of these screens. */
export const daDrafts = {} as const
