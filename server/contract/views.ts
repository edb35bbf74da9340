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
  /** The reader's list of this screen opens with it. */
  opens: z.boolean(),
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

export const openWithView = endpoint({
  id: 'openWithView',
  method: 'PUT',
  path: '/view-defaults',
  permission: 'view.save',
  summary: 'With which view a list opens for the reader; null: with everything',
  body: z.object({ screen: viewScreen, viewId: s.id.nullable() }),
  response: z.object({}),
  problems: ['not-found'],
})

/** A number of a digest. `before` is that of the digest of the week before; null: there was none. */
export const digestFigure = z.object({
  code: z.enum(['rows', 'findings-new', 'findings-high']),
  value: z.number().int(),
  before: z.number().int().nullable(),
})
export const digestState = z.enum(['waiting', 'sending', 'sent', 'shown', 'failed'])
export const subscription = z.object({
  id: s.id,
  view: z.object({ id: s.id, screen: viewScreen, name: z.string(), search: viewSearch }),
  /** 1 is Monday. */
  weekday: z.number().int(),
  hour: z.number().int(),
  /** The latest ones, newest first. Numbers only. */
  digests: z.array(
    z.object({ dueOn: s.civilDate, state: digestState, figures: z.array(digestFigure), madeAt: s.instant }),
  ),
})
export const listSubscriptions = endpoint({
  id: 'listSubscriptions',
  path: '/view-subscriptions',
  permission: 'view.save',
  summary: 'Views that the reader has sent every week, with the latest digests',
  response: z.object({
    /** How digests arrive: as mail, or on this page only, because there is no mail server or no address. */
    by: z.enum(['mail', 'no-server', 'no-address']),
    subscriptions: z.array(subscription),
  }),
})
export const subscribe = endpoint({
  id: 'subscribe',
  method: 'POST',
  path: '/view-subscriptions',
  permission: 'view.save',
  summary: 'Have a view sent every week at an hour; again changes the hour',
  body: z.object({
    viewId: s.id,
    weekday: z.number().int().min(1).max(7),
    hour: z.number().int().min(0).max(23),
    language: z.enum(['da', 'en']),
  }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict'],
})
export const unsubscribe = endpoint({
  id: 'unsubscribe',
  method: 'DELETE',
  path: '/view-subscriptions/:subscriptionId',
  permission: 'view.save',
  summary: 'Stop sending a view',
  params: z.object({ subscriptionId: s.id }),
  response: z.object({}),
  problems: ['not-found'],
})
