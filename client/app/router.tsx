import { createRoute, createRouter, lazyRouteComponent, retainSearchParams } from '@tanstack/react-router'
import * as search from '../lib/search.ts'
import { NotFoundPage } from './not-found.tsx'
import { app, link, parent, root, signIn, withTexts } from './route-frame.tsx'
import { feedsRoutes } from './routes-feeds.tsx'
import { lifecycleRoutes } from './routes-lifecycle.tsx'
import { registerRoutes } from './routes-register.tsx'
import { rulesRoutes } from './routes-rules.tsx'

const home = createRoute({
  ...parent,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/home.tsx'), 'HomePage'),
})
const me = createRoute({
  ...withTexts('orders', 'files'),
  path: '/me',
  validateSearch: search.personSearch,
  component: lazyRouteComponent(() => import('../pages/me.tsx'), 'MePage'),
})
const security = createRoute({
  ...withTexts('admin'),
  path: '/me/security',
  component: lazyRouteComponent(() => import('../pages/security.tsx'), 'SecurityPage'),
})
const log = createRoute({
  ...parent,
  path: '/me/log',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/log.tsx'), 'LogPage'),
})
const people = createRoute({
  ...withTexts('views'),
  path: '/people',
  validateSearch: search.peopleSearch,
  component: lazyRouteComponent(() => import('../pages/people.tsx'), 'PeoplePage'),
})
const compare = createRoute({
  ...withTexts('overview'),
  path: '/people/compare',
  validateSearch: search.compareSearch,
  search: { middlewares: [retainSearchParams(['asOf', 'known'])] },
  component: lazyRouteComponent(() => import('../pages/compare.tsx'), 'ComparePage'),
})
const person = createRoute({
  ...withTexts('overview', 'lifecycle', 'feeds', 'orders', 'files'),
  path: '/people/$personId',
  validateSearch: search.personSearch,
  // The date one looks at stays while one goes from person to person.
  search: { middlewares: [retainSearchParams(['asOf', 'known'])] },
  component: lazyRouteComponent(() => import('../pages/person.tsx'), 'PersonPage'),
})
const org = createRoute({
  ...parent,
  path: '/org',
  validateSearch: search.orgSearch,
  component: lazyRouteComponent(() => import('../pages/org.tsx'), 'OrgPage'),
})
const unit = createRoute({
  ...withTexts('overview', 'deviations', 'orders', 'files'),
  path: '/org/$unitId',
  validateSearch: search.unitSearch,
  search: { middlewares: [retainSearchParams(['asOf', 'known'])] },
  component: lazyRouteComponent(() => import('../pages/unit.tsx'), 'UnitPage'),
})
const systems = createRoute({
  ...withTexts('catalogue', 'views', 'files'),
  path: '/systems',
  validateSearch: search.systemsSearch,
  component: lazyRouteComponent(() => import('../pages/systems.tsx'), 'SystemsPage'),
})
const systemImport = createRoute({
  ...withTexts('catalogue', 'feeds', 'imports'),
  path: '/systems/import',
  component: lazyRouteComponent(() => import('../pages/system-import.tsx'), 'SystemImportPage'),
})
const systemMap = createRoute({
  ...withTexts('catalogue'),
  path: '/systems/map',
  validateSearch: search.systemMapSearch,
  component: lazyRouteComponent(() => import('../pages/system-map.tsx'), 'SystemMapPage'),
})
const systemSheet = createRoute({
  ...withTexts('catalogue', 'feeds'),
  path: '/systems/$systemId/sheet',
  validateSearch: search.sheetSearch,
  component: lazyRouteComponent(() => import('../pages/system-sheet.tsx'), 'SystemSheetPage'),
})
const systemAttest = createRoute({
  ...withTexts('catalogue', 'feeds'),
  path: '/systems/$systemId/attest',
  component: lazyRouteComponent(() => import('../pages/system-attest.tsx'), 'SystemAttestPage'),
})
const system = createRoute({
  ...withTexts('catalogue', 'overview', 'deviations', 'files'),
  path: '/systems/$systemId',
  validateSearch: search.systemSearch,
  search: { middlewares: [retainSearchParams(['asOf', 'known'])] },
  component: lazyRouteComponent(() => import('../pages/system.tsx'), 'SystemPage'),
})
const userList = createRoute({
  ...withTexts('entitlements', 'feeds', 'catalogue'),
  path: '/systems/$systemId/user-list',
  component: lazyRouteComponent(() => import('../pages/user-list.tsx'), 'UserListPage'),
})
const accounts = createRoute({
  ...withTexts('feeds', 'views'),
  path: '/accounts',
  validateSearch: search.accountsSearch,
  component: lazyRouteComponent(() => import('../pages/accounts.tsx'), 'AccountsPage'),
})
const rights = createRoute({
  ...withTexts('overview', 'views'),
  path: '/rights',
  validateSearch: search.rightsSearch,
  component: lazyRouteComponent(() => import('../pages/rights.tsx'), 'RightsPage'),
})
const views = createRoute({
  ...withTexts('views'),
  path: '/views',
  component: lazyRouteComponent(() => import('../pages/views.tsx'), 'ViewsPage'),
})
const entitlements = createRoute({
  ...withTexts('entitlements'),
  path: '/systems/entitlements',
  validateSearch: search.entitlementsSearch,
  component: lazyRouteComponent(() => import('../pages/entitlements.tsx'), 'EntitlementsPage'),
})
const entitlement = createRoute({
  ...withTexts('entitlements', 'overview', 'deviations'),
  path: '/systems/$systemId/rights/$entitlementId',
  validateSearch: search.entitlementSearch,
  search: { middlewares: [retainSearchParams(['asOf', 'known'])] },
  component: lazyRouteComponent(() => import('../pages/entitlement.tsx'), 'EntitlementPage'),
})
const findings = createRoute({
  ...withTexts('deviations', 'views'),
  path: '/findings',
  validateSearch: search.findingsSearch,
  component: lazyRouteComponent(() => import('../pages/findings.tsx'), 'FindingsPage'),
})
const findingsSettings = createRoute({
  ...withTexts('deviations'),
  path: '/findings/settings',
  component: lazyRouteComponent(() => import('../pages/findings-settings.tsx'), 'FindingsSettingsPage'),
})
const findingsDecisions = createRoute({
  ...withTexts('deviations'),
  path: '/findings/decisions',
  validateSearch: search.findingsDecisionsSearch,
  component: lazyRouteComponent(() => import('../pages/findings-decisions.tsx'), 'FindingsDecisionsPage'),
})
const findingsTrend = createRoute({
  ...withTexts('deviations'),
  path: '/findings/trend',
  validateSearch: search.findingsTrendSearch,
  component: lazyRouteComponent(() => import('../pages/findings-trend.tsx'), 'FindingsTrendPage'),
})
const audit = createRoute({
  ...withTexts('audit'),
  path: '/audit',
  validateSearch: search.auditSearch,
  component: lazyRouteComponent(() => import('../pages/audit.tsx'), 'AuditPage'),
})
const adminUsers = createRoute({
  ...withTexts('admin'),
  path: '/admin/users',
  component: lazyRouteComponent(() => import('../pages/admin-users.tsx'), 'AdminUsersPage'),
})
const help = createRoute({
  ...withTexts('catalogue'),
  path: '/help',
  component: lazyRouteComponent(() => import('../pages/help.tsx'), 'HelpPage'),
})
const accessibility = createRoute({
  ...parent,
  path: '/accessibility',
  component: lazyRouteComponent(() => import('../pages/accessibility.tsx'), 'AccessibilityPage'),
})

const routeTree = root.addChildren([
  signIn,
  link,
  app.addChildren([
    home,
    me,
    log,
    security,
    people,
    compare,
    person,
    org,
    unit,
    systems,
    system,
    userList,
    systemMap,
    systemImport,
    systemSheet,
    systemAttest,
    accounts,
    rights,
    views,
    entitlements,
    entitlement,
    findings,
    findingsSettings,
    findingsDecisions,
    findingsTrend,
    audit,
    adminUsers,
    help,
    accessibility,
    ...rulesRoutes,
    ...feedsRoutes,
    ...lifecycleRoutes,
    ...registerRoutes,
  ] as const),
])

export const router = createRouter({
  routeTree,
  defaultPreload: false,
  scrollRestoration: true,
  defaultNotFoundComponent: NotFoundPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
