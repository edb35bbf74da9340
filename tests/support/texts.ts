import { da } from '../../client/texts/da.ts'
import { daAdmin } from '../../client/texts/da-admin.ts'
import { daAudit } from '../../client/texts/da-audit.ts'
import { daCatalogue } from '../../client/texts/da-catalogue.ts'
import { daDeviations } from '../../client/texts/da-deviations.ts'
import { daDrafts } from '../../client/texts/da-drafts.ts'
import { daEntitlements } from '../../client/texts/da-entitlements.ts'
import { daFeeds } from '../../client/texts/da-feeds.ts'
import { daFiles } from '../../client/texts/da-files.ts'
import { daImports } from '../../client/texts/da-imports.ts'
import { daInside } from '../../client/texts/da-inside.ts'
import { daLifecycle } from '../../client/texts/da-lifecycle.ts'
import { daOrders } from '../../client/texts/da-orders.ts'
import { daOverview } from '../../client/texts/da-overview.ts'
import { daPalette } from '../../client/texts/da-palette.ts'
import { daRegister } from '../../client/texts/da-register.ts'
import { daRules } from '../../client/texts/da-rules.ts'
import { daSaid } from '../../client/texts/da-said.ts'
import { daViews } from '../../client/texts/da-views.ts'
import { en } from '../../client/texts/en.ts'
import { enAdmin } from '../../client/texts/en-admin.ts'
import { enAudit } from '../../client/texts/en-audit.ts'
import { enCatalogue } from '../../client/texts/en-catalogue.ts'
import { enDeviations } from '../../client/texts/en-deviations.ts'
import { enDrafts } from '../../client/texts/en-drafts.ts'
import { enEntitlements } from '../../client/texts/en-entitlements.ts'
import { enFeeds } from '../../client/texts/en-feeds.ts'
import { enFiles } from '../../client/texts/en-files.ts'
import { enImports } from '../../client/texts/en-imports.ts'
import { enInside } from '../../client/texts/en-inside.ts'
import { enLifecycle } from '../../client/texts/en-lifecycle.ts'
import { enOrders } from '../../client/texts/en-orders.ts'
import { enOverview } from '../../client/texts/en-overview.ts'
import { enPalette } from '../../client/texts/en-palette.ts'
import { enRegister } from '../../client/texts/en-register.ts'
import { enRules } from '../../client/texts/en-rules.ts'
import { enSaid } from '../../client/texts/en-said.ts'
import { enViews } from '../../client/texts/en-views.ts'
import { translator } from '../../client/texts/translate.ts'

/** All texts of the screen, those that come late included. */
export const danishTexts = {
  ...da,
  ...daInside,
  ...daImports,
  ...daAdmin,
  ...daAudit,
  ...daFeeds,
  ...daSaid,
  ...daRules,
  ...daCatalogue,
  ...daEntitlements,
  ...daDeviations,
  ...daOverview,
  ...daDrafts,
  ...daLifecycle,
  ...daOrders,
  ...daRegister,
  ...daPalette,
  ...daViews,
  ...daFiles,
}
export const englishTexts = {
  ...en,
  ...enInside,
  ...enImports,
  ...enAdmin,
  ...enAudit,
  ...enFeeds,
  ...enSaid,
  ...enRules,
  ...enCatalogue,
  ...enEntitlements,
  ...enDeviations,
  ...enOverview,
  ...enDrafts,
  ...enLifecycle,
  ...enOrders,
  ...enRegister,
  ...enPalette,
  ...enViews,
  ...enFiles,
}
/** Texts as the screen says them. */
export const danish = translator('da-DK', danishTexts as never)
export const english = translator('en-GB', englishTexts as never)
