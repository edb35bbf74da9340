import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { TOOL_ROLES } from './permissions.ts'
import * as s from './shapes.ts'

/** A screen that views are saved of, by the first step of its address: `rights`, `people`, `systems`. */
export const viewScreen = z.string().regex(/^[a-z][a-z-]{0,39}$/)
/** Search parameters as they stand in the address; names of people never do. */
export const viewSearch = z
  .record(z.string().min(1).max(40), z.union([z.string().max(200), z.number(), z.boolean()]))
  .refine(search => Object.keys(search).length <= 30, { message: 'At most 30 search parameters' })
/** Roles that a view is shared with; whoever opens it sees what they may see themselves. */
export const viewShare = z.array(z.enum(TOOL_ROLES)).max(TOOL_ROLES.length)
const viewName = z.string().trim().min(1).max(80)

export const savedView = z.object({
  id: s.id,
  screen: viewScreen,
  name: z.string(),
  search: viewSearch,
  sharedWith: viewShare,
  /** It is the reader's own: renamed, changed and removed by nobody else. */
  own: z.boolean(),
  /** Whose it is; null for the own and where the name may not be told. */
  owner: z.string().nullable(),
})

export const listViews = endpoint({
  id: 'listViews',
  path: '/views',
  permission: 'view.save',
  summary: 'Saved views of a screen (or of all): the own ones, and those shared with a role of the reader',
  query: z.object({ screen: viewScreen.optional() }),
  response: z.object({ views: z.array(savedView) }),
})
export const saveView = endpoint({
  id: 'saveView',
  method: 'POST',
  path: '/views',
  permission: 'view.save',
  summary: 'Save the filters of a screen under a name',
  body: z.object({ screen: viewScreen, name: viewName, search: viewSearch, sharedWith: viewShare.default([]) }),
  response: savedView,
  problems: ['conflict'],
})
export const changeView = endpoint({
  id: 'changeView',
  method: 'PATCH',
  path: '/views/:viewId',
  permission: 'view.save',
  summary: 'Rename an own view, give it other filters, share it or stop sharing it',
  params: z.object({ viewId: s.id }),
  body: z.object({ name: viewName.optional(), search: viewSearch.optional(), sharedWith: viewShare.optional() }),
  response: savedView,
  problems: ['not-found', 'conflict'],
})
export const removeView = endpoint({
  id: 'removeView',
  method: 'DELETE',
  path: '/views/:viewId',
  permission: 'view.save',
  summary: 'Remove an own view',
  params: z.object({ viewId: s.id }),
  response: z.object({}),
  problems: ['not-found'],
})
