import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import * as search from '../lib/search.ts'
import { withTexts } from './route-frame.tsx'

/* Who comes, moves and goes, what systems have to carry out, and what comes in from HR. */

const inbox = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/inbox',
  validateSearch: search.inboxSearch,
  component: lazyRouteComponent(() => import('../pages/inbox.tsx'), 'InboxPage'),
})
const inboxAll = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/inbox/all',
  validateSearch: search.saidSearch,
  component: lazyRouteComponent(() => import('../pages/inbox-all.tsx'), 'InboxAllPage'),
})
const matching = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/matching',
  validateSearch: search.matchingSearch,
  component: lazyRouteComponent(() => import('../pages/matching.tsx'), 'MatchingPage'),
})
const mails = createRoute({
  ...withTexts('lifecycle'),
  path: '/admin/mails',
  validateSearch: search.mailsSearch,
  component: lazyRouteComponent(() => import('../pages/mails.tsx'), 'MailsPage'),
})
const ownMails = createRoute({
  ...withTexts('lifecycle'),
  path: '/me/mails',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/own-mails.tsx'), 'OwnMailsPage'),
})
const tokens = createRoute({
  ...withTexts('lifecycle'),
  path: '/admin/tokens',
  component: lazyRouteComponent(() => import('../pages/tokens.tsx'), 'TokensPage'),
})
const cases = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/cases',
  validateSearch: search.casesSearch,
  component: lazyRouteComponent(() => import('../pages/lifecycle-cases.tsx'), 'LifecycleCasesPage'),
})
const caseNew = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/new',
  validateSearch: search.caseNewSearch,
  component: lazyRouteComponent(() => import('../pages/lifecycle-new.tsx'), 'LifecycleNewPage'),
})
const caseApprovals = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/approvals',
  validateSearch: search.approvalsSearch,
  component: lazyRouteComponent(() => import('../pages/lifecycle-approvals.tsx'), 'LifecycleApprovalsPage'),
})
const caseHandovers = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/handovers',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/lifecycle-handovers.tsx'), 'LifecycleHandoversPage'),
})
const caseShift = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/shift',
  component: lazyRouteComponent(() => import('../pages/lifecycle-shift.tsx'), 'LifecycleShiftPage'),
})
const casePage = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/$caseId',
  component: lazyRouteComponent(() => import('../pages/lifecycle-case.tsx'), 'LifecycleCasePage'),
})
const board = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle',
  validateSearch: search.boardSearch,
  component: lazyRouteComponent(() => import('../pages/lifecycle-board.tsx'), 'LifecycleBoardPage'),
})
const proof = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/proof',
  validateSearch: search.proofSearch,
  component: lazyRouteComponent(() => import('../pages/lifecycle-proof.tsx'), 'LifecycleProofPage'),
})
const proofSheet = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/proof/$affiliationId',
  component: lazyRouteComponent(() => import('../pages/lifecycle-proof-sheet.tsx'), 'ProofSheetPage'),
})
const leadTimes = createRoute({
  ...withTexts('lifecycle'),
  path: '/lifecycle/lead-times',
  validateSearch: search.leadTimesSearch,
  component: lazyRouteComponent(() => import('../pages/lifecycle-lead-times.tsx'), 'LeadTimesPage'),
})
const locks = createRoute({
  ...withTexts('lifecycle', 'feeds'),
  path: '/locks',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/locks.tsx'), 'LocksPage'),
})
const emergencyAccess = createRoute({
  ...withTexts('lifecycle', 'entitlements', 'feeds'),
  path: '/emergency-access',
  validateSearch: search.emergencySearch,
  component: lazyRouteComponent(() => import('../pages/emergency-access.tsx'), 'EmergencyAccessPage'),
})
const accessPolicies = createRoute({
  ...withTexts('lifecycle', 'feeds'),
  path: '/admin/access-policies',
  component: lazyRouteComponent(() => import('../pages/access-policies.tsx'), 'AccessPoliciesPage'),
})
const delivery = createRoute({
  ...withTexts('orders', 'catalogue', 'feeds'),
  path: '/systems/$systemId/delivery',
  component: lazyRouteComponent(() => import('../pages/delivery.tsx'), 'DeliveryPage'),
})
const systemOrders = createRoute({
  ...withTexts('orders', 'catalogue'),
  path: '/systems/$systemId/orders',
  validateSearch: search.ordersSearch,
  component: lazyRouteComponent(() => import('../pages/system-orders.tsx'), 'SystemOrdersPage'),
})
const orders = createRoute({
  ...withTexts('orders'),
  path: '/orders',
  validateSearch: search.ordersSearch,
  component: lazyRouteComponent(() => import('../pages/orders.tsx'), 'OrdersPage'),
})
const tasks = createRoute({
  ...withTexts('orders', 'lifecycle'),
  path: '/tasks',
  validateSearch: search.tasksSearch,
  component: lazyRouteComponent(() => import('../pages/tasks.tsx'), 'TasksPage'),
})
const equipment = createRoute({
  ...withTexts('orders'),
  path: '/equipment',
  validateSearch: search.equipmentSearch,
  component: lazyRouteComponent(() => import('../pages/equipment.tsx'), 'EquipmentPage'),
})

export const lifecycleRoutes = [
  inbox,
  inboxAll,
  matching,
  mails,
  ownMails,
  tokens,
  cases,
  caseNew,
  caseApprovals,
  caseHandovers,
  caseShift,
  casePage,
  board,
  proof,
  proofSheet,
  leadTimes,
  locks,
  emergencyAccess,
  accessPolicies,
  delivery,
  systemOrders,
  orders,
  tasks,
  equipment,
] as const
