import { trouble } from './da/trouble.ts'

/** What the server says of what was met or refused; comes with every part whose screens may show it. */
export const daSaid = { ...trouble } as const
