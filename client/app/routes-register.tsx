import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import * as search from '../lib/search.ts'
import { withTexts } from './route-frame.tsx'

/* The register: records of processing, their words, and why a right is held. */

const activities = createRoute({
  ...withTexts('register'),
  path: '/activities',
  validateSearch: search.activitiesSearch,
  component: lazyRouteComponent(() => import('../pages/activities.tsx'), 'ActivitiesPage'),
})
const activityNew = createRoute({
  ...withTexts('register'),
  path: '/activities/new',
  validateSearch: search.activityNewSearch,
  component: lazyRouteComponent(() => import('../pages/activity-new.tsx'), 'ActivityNewPage'),
})
const activityImport = createRoute({
  ...withTexts('register', 'imports'),
  path: '/activities/import',
  component: lazyRouteComponent(() => import('../pages/activity-import.tsx'), 'ActivityImportPage'),
})
const activity = createRoute({
  ...withTexts('register'),
  path: '/activities/$activityId',
  validateSearch: search.activitySearch,
  component: lazyRouteComponent(() => import('../pages/activity.tsx'), 'ActivityPage'),
})
const activityEdit = createRoute({
  ...withTexts('register'),
  path: '/activities/$activityId/edit',
  component: lazyRouteComponent(() => import('../pages/activity-edit.tsx'), 'ActivityEditPage'),
})
const registerSettings = createRoute({
  ...withTexts('register', 'said'),
  path: '/admin/register',
  component: lazyRouteComponent(() => import('../pages/register-settings.tsx'), 'RegisterSettingsPage'),
})

const bindings = createRoute({
  ...withTexts('register'),
  path: '/bindings',
  validateSearch: search.bindingsSearch,
  component: lazyRouteComponent(() => import('../pages/bindings.tsx'), 'BindingsPage'),
})
const bindingsList = createRoute({
  ...withTexts('register'),
  path: '/bindings/list',
  validateSearch: search.bindingsListSearch,
  component: lazyRouteComponent(() => import('../pages/bindings-list.tsx'), 'BindingsListPage'),
})

const reach = createRoute({
  ...withTexts('register'),
  path: '/reach',
  validateSearch: search.reachSearch,
  component: lazyRouteComponent(() => import('../pages/reach.tsx'), 'ReachPage'),
})

const packages = createRoute({
  ...withTexts('register', 'feeds'),
  path: '/packages',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/packages.tsx'), 'PackagesPage'),
})
const rectifications = createRoute({
  ...withTexts('rectify'),
  path: '/rectifications',
  validateSearch: search.rectificationsSearch,
  component: lazyRouteComponent(() => import('../pages/rectifications.tsx'), 'RectificationsPage'),
})

const vocabularies = createRoute({
  ...withTexts('register', 'said'),
  path: '/admin/vocabularies',
  validateSearch: search.vocabularySearch,
  component: lazyRouteComponent(() => import('../pages/vocabularies.tsx'), 'VocabulariesPage'),
})
const activityCatalogue = createRoute({
  ...withTexts('register'),
  path: '/activities/catalogue',
  validateSearch: search.activityCatalogueSearch,
  component: lazyRouteComponent(() => import('../pages/activity-catalogue.tsx'), 'ActivityCataloguePage'),
})
const activityCatalogueOne = createRoute({
  ...withTexts('register'),
  path: '/activities/catalogue/$key',
  component: lazyRouteComponent(() => import('../pages/activity-catalogue-one.tsx'), 'ActivityCatalogueOnePage'),
})

const systemDuties = createRoute({
  ...withTexts('register', 'catalogue', 'lifecycle', 'deviations'),
  path: '/systems/$systemId/duties',
  component: lazyRouteComponent(() => import('../pages/system-duties.tsx'), 'SystemDutiesPage'),
})

/* The product's own compliance. */
const privacy = createRoute({
  ...withTexts('register'),
  path: '/about/privacy',
  component: lazyRouteComponent(() => import('../pages/privacy-notice.tsx'), 'PrivacyNoticePage'),
})
const compliance = createRoute({
  ...withTexts('register'),
  path: '/admin/compliance',
  component: lazyRouteComponent(() => import('../pages/compliance.tsx'), 'CompliancePage'),
})
const complianceHolds = createRoute({
  ...withTexts('register'),
  path: '/admin/compliance/holds',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/compliance-holds.tsx'), 'ComplianceHoldsPage'),
})
const complianceNotice = createRoute({
  ...withTexts('register'),
  path: '/admin/compliance/notice',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/compliance-notice.tsx'), 'ComplianceNoticePage'),
})
const complianceSamples = createRoute({
  ...withTexts('register', 'audit'),
  path: '/admin/compliance/samples',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/compliance-samples.tsx'), 'ComplianceSamplesPage'),
})

export const registerRoutes = [
  packages,
  ...[privacy, compliance, complianceHolds, complianceNotice, complianceSamples],
  rectifications,
  ...[vocabularies, activityCatalogue, activityCatalogueOne],
  ...[activities, activityNew, activityImport, activity, activityEdit, registerSettings],
  ...[systemDuties, bindings, bindingsList, reach],
] as const
