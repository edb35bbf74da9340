import type { Language } from '../lib/language.ts'
import type { daAdmin } from './da-admin.ts'
import type { daAudit } from './da-audit.ts'
import type { daCatalogue } from './da-catalogue.ts'
import type { daDeviations } from './da-deviations.ts'
import type { daDrafts } from './da-drafts.ts'
import type { daEntitlements } from './da-entitlements.ts'
import type { daFeeds } from './da-feeds.ts'
import type { daFiles } from './da-files.ts'
import type { daImports } from './da-imports.ts'
import type { daInside } from './da-inside.ts'
import type { daLifecycle } from './da-lifecycle.ts'
import type { daOrders } from './da-orders.ts'
import type { daOverview } from './da-overview.ts'
import type { daPalette } from './da-palette.ts'
import type { daRectify } from './da-rectify.ts'
import type { daRegister } from './da-register.ts'
import type { daRules } from './da-rules.ts'
import type { daSaid } from './da-said.ts'
import type { daViews } from './da-views.ts'
import type { Same } from './same.ts'

/** Danish texts that come with the screens that need them; the first screen does without. */
export type PartTexts = {
  inside: typeof daInside
  admin: typeof daAdmin
  audit: typeof daAudit
  feeds: typeof daFeeds
  files: typeof daFiles
  imports: typeof daImports
  rules: typeof daRules
  said: typeof daSaid
  catalogue: typeof daCatalogue
  entitlements: typeof daEntitlements
  deviations: typeof daDeviations
  overview: typeof daOverview
  drafts: typeof daDrafts
  lifecycle: typeof daLifecycle
  orders: typeof daOrders
  register: typeof daRegister
  rectify: typeof daRectify
  palette: typeof daPalette
  views: typeof daViews
}
export type Part = keyof PartTexts
/** All of them together, as keys of texts see them. */
export type AllParts = Same<typeof daAudit> &
  Same<typeof daAdmin> &
  Same<typeof daInside> &
  Same<typeof daFeeds> &
  Same<typeof daFiles> &
  Same<typeof daImports> &
  Same<typeof daRules> &
  Same<typeof daSaid> &
  Same<typeof daCatalogue> &
  Same<typeof daEntitlements> &
  Same<typeof daDeviations> &
  Same<typeof daOverview> &
  Same<typeof daDrafts> &
  Same<typeof daLifecycle> &
  Same<typeof daOrders> &
  Same<typeof daRegister> &
  Same<typeof daRectify> &
  Same<typeof daPalette> &
  Same<typeof daViews>

/** Parts whose screens also show what the server says of what was met or refused. */
export const SPEAKS_OF: ReadonlySet<Part> = new Set(['feeds', 'imports', 'rules', 'drafts'])

/** Where each part is; a language that is not used is never fetched. */
export const loadPart: { [P in Part]: Record<Language, () => Promise<Same<PartTexts[P]>>> } = {
  inside: {
    da: async () => (await import('./da-inside.ts')).daInside,
    en: async () => (await import('./en-inside.ts')).enInside,
  },
  admin: {
    da: async () => (await import('./da-admin.ts')).daAdmin,
    en: async () => (await import('./en-admin.ts')).enAdmin,
  },
  audit: {
    da: async () => (await import('./da-audit.ts')).daAudit,
    en: async () => (await import('./en-audit.ts')).enAudit,
  },
  feeds: {
    da: async () => (await import('./da-feeds.ts')).daFeeds,
    en: async () => (await import('./en-feeds.ts')).enFeeds,
  },
  files: {
    da: async () => (await import('./da-files.ts')).daFiles,
    en: async () => (await import('./en-files.ts')).enFiles,
  },
  imports: {
    da: async () => (await import('./da-imports.ts')).daImports,
    en: async () => (await import('./en-imports.ts')).enImports,
  },
  rules: {
    da: async () => (await import('./da-rules.ts')).daRules,
    en: async () => (await import('./en-rules.ts')).enRules,
  },
  said: {
    da: async () => (await import('./da-said.ts')).daSaid,
    en: async () => (await import('./en-said.ts')).enSaid,
  },
  catalogue: {
    da: async () => (await import('./da-catalogue.ts')).daCatalogue,
    en: async () => (await import('./en-catalogue.ts')).enCatalogue,
  },
  entitlements: {
    da: async () => (await import('./da-entitlements.ts')).daEntitlements,
    en: async () => (await import('./en-entitlements.ts')).enEntitlements,
  },
  deviations: {
    da: async () => (await import('./da-deviations.ts')).daDeviations,
    en: async () => (await import('./en-deviations.ts')).enDeviations,
  },
  overview: {
    da: async () => (await import('./da-overview.ts')).daOverview,
    en: async () => (await import('./en-overview.ts')).enOverview,
  },
  drafts: {
    da: async () => (await import('./da-drafts.ts')).daDrafts,
    en: async () => (await import('./en-drafts.ts')).enDrafts,
  },
  lifecycle: {
    da: async () => (await import('./da-lifecycle.ts')).daLifecycle,
    en: async () => (await import('./en-lifecycle.ts')).enLifecycle,
  },
  orders: {
    da: async () => (await import('./da-orders.ts')).daOrders,
    en: async () => (await import('./en-orders.ts')).enOrders,
  },
  register: {
    da: async () => (await import('./da-register.ts')).daRegister,
    en: async () => (await import('./en-register.ts')).enRegister,
  },
  rectify: {
    da: async () => (await import('./da-rectify.ts')).daRectify,
    en: async () => (await import('./en-rectify.ts')).enRectify,
  },
  palette: {
    da: async () => (await import('./da-palette.ts')).daPalette,
    en: async () => (await import('./en-palette.ts')).enPalette,
  },
  views: {
    da: async () => (await import('./da-views.ts')).daViews,
    en: async () => (await import('./en-views.ts')).enViews,
  },
}
