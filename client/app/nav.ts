import {
  IconAffiliate,
  IconApi,
  IconArrowsJoin,
  IconArrowsJoin2,
  IconArrowsSplit2,
  IconBook2,
  IconBookmark,
  type IconBuilding,
  IconCalendarUser,
  IconChecklist,
  IconClipboardList,
  IconDatabase,
  IconDeviceLaptop,
  IconEye,
  IconHierarchy2,
  IconHistory,
  IconInbox,
  IconKey,
  IconLayoutDashboard,
  IconListCheck,
  IconMail,
  IconMailCog,
  IconMessageReport,
  IconPackageExport,
  IconPuzzle,
  IconRefresh,
  IconScale,
  IconSend,
  IconTable,
  IconUserCheck,
  IconUserCircle,
  IconUserPlus,
  IconUserQuestion,
  IconUserShield,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import type { Permission } from '#contract/permissions.ts'

export type NavGroup = (typeof navigation)[number]

/** `needs: null`: everybody who is signed in. A group that is left with nothing is not shown. */
export const navigation = [
  {
    key: 'mine',
    items: [
      { key: 'home', to: '/', icon: IconLayoutDashboard, needs: null },
      { key: 'me', to: '/me', icon: IconUserCircle, needs: 'me.read' },
      { key: 'log', to: '/me/log', icon: IconEye, needs: 'me.read' },
      { key: 'ownMails', to: '/me/mails', icon: IconMail, needs: 'me.read' },
      { key: 'views', to: '/views', icon: IconBookmark, needs: 'view.save' },
    ],
  },
  {
    key: 'people',
    items: [
      { key: 'peopleList', to: '/people', icon: IconUsers, needs: 'person.read' },
      { key: 'inbox', to: '/lifecycle/inbox', icon: IconInbox, needs: 'inbox.read' },
      { key: 'matching', to: '/lifecycle/matching', icon: IconArrowsJoin, needs: 'affiliation-match.read' },
      { key: 'board', to: '/lifecycle', icon: IconCalendarUser, needs: 'case.read' },
      { key: 'cases', to: '/lifecycle/cases', icon: IconUserPlus, needs: 'case.read' },
      { key: 'shift', to: '/lifecycle/shift', icon: IconUserCheck, needs: 'shift.read' },
      { key: 'org', to: '/org', icon: IconHierarchy2, needs: 'unit.read' },
      { key: 'pairs', to: '/desk/people', icon: IconArrowsJoin2, needs: 'person-match.read' },
    ],
  },
  {
    key: 'rights',
    items: [
      { key: 'matrix', to: '/rights', icon: IconTable, needs: 'matrix.read' },
      { key: 'findings', to: '/findings', icon: IconListCheck, needs: 'finding.read' },
      { key: 'rules', to: '/rules', icon: IconClipboardList, needs: 'rule.read' },
      { key: 'roles', to: '/roles', icon: IconPuzzle, needs: 'rule.read' },
      { key: 'drafts', to: '/drafts', icon: IconArrowsSplit2, needs: 'what-if.read' },
      { key: 'mappings', to: '/group-mappings', icon: IconUsersGroup, needs: 'rule.read' },
    ],
  },
  {
    key: 'systems',
    items: [
      { key: 'systemList', to: '/systems', icon: IconDatabase, needs: 'system.read' },
      { key: 'tasks', to: '/tasks', icon: IconChecklist, needs: 'task.read' },
      { key: 'equipment', to: '/equipment', icon: IconDeviceLaptop, needs: 'task.read' },
      { key: 'orders', to: '/orders', icon: IconSend, needs: 'order.read' },
      { key: 'accounts', to: '/accounts', icon: IconKey, needs: 'account.read' },
      { key: 'desk', to: '/desk', icon: IconUserQuestion, needs: 'link.read' },
      { key: 'sync', to: '/sync', icon: IconRefresh, needs: 'run.read' },
    ],
  },
  {
    key: 'register',
    items: [
      { key: 'activities', to: '/activities', icon: IconBook2, needs: 'activity.read' },
      { key: 'bindings', to: '/bindings', icon: IconScale, needs: 'binding.read' },
      { key: 'rectifications', to: '/rectifications', icon: IconMessageReport, needs: 'rectification.read' },
      { key: 'reach', to: '/reach', icon: IconAffiliate, needs: 'matrix.read' },
      { key: 'packages', to: '/packages', icon: IconPackageExport, needs: 'package.make' },
    ],
  },
  {
    key: 'insight',
    items: [{ key: 'audit', to: '/audit', icon: IconHistory, needs: 'audit.read' }],
  },
  {
    key: 'administration',
    items: [
      { key: 'tokens', to: '/admin/tokens', icon: IconApi, needs: 'token.read' },
      { key: 'mails', to: '/admin/mails', icon: IconMailCog, needs: 'mail.read' },
      { key: 'localUsers', to: '/admin/users', icon: IconUserShield, needs: 'local-role.read' },
    ],
  },
] as const satisfies readonly {
  key: string
  items: readonly { key: string; to: string; icon: typeof IconBuilding; needs: Permission | null }[]
}[]

/**
 * Where in the menu a page belongs: the item whose address it continues furthest, so that one item is current and no
 * other. A report belongs to the board, the inbox to itself; a page that is in no item's care leaves all of them be.
 */
export function itemOf(path: string): string | null {
  const within = (to: string) => path === to || (to !== '/' && path.startsWith(`${to}/`))
  return navigation
    .flatMap(group => group.items.map(item => item.to as string))
    .filter(within)
    .reduce<string | null>((best, to) => (best === null || to.length > best.length ? to : best), null)
}

/** Pages that are one step down from the menu: the palette leads to them at once. */
export const further = [
  { key: 'proof', to: '/lifecycle/proof', needs: 'proof.read' },
  { key: 'leadTimes', to: '/lifecycle/lead-times', needs: 'lead-times.read' },
  { key: 'caseApprovals', to: '/lifecycle/approvals', needs: 'case.approve' },
  { key: 'handovers', to: '/lifecycle/handovers', needs: 'handover.read' },
  { key: 'newHire', to: '/lifecycle/new', needs: 'case.write' },
  { key: 'accountKinds', to: '/desk/kinds', needs: 'account-rule.read' },
  { key: 'merges', to: '/desk/merges', needs: 'person-match.read' },
  { key: 'groupDesk', to: '/group-mappings/desk', needs: 'mapping.read' },
  { key: 'roleProposals', to: '/roles/proposals', needs: 'mining.read' },
  { key: 'entitlements', to: '/systems/entitlements', needs: 'system.read' },
  { key: 'expected', to: '/sync/expected', needs: 'run.read' },
  { key: 'newSource', to: '/sync/new-source', needs: 'source.change' },
  { key: 'findingsSettings', to: '/findings/settings', needs: 'finding.read' },
  { key: 'findingsDecisions', to: '/findings/decisions', needs: 'finding.settle' },
  { key: 'findingsTrend', to: '/findings/trend', needs: 'finding.read' },
  { key: 'locks', to: '/locks', needs: 'lock.read' },
  { key: 'emergency', to: '/emergency-access', needs: 'emergency-access.check' },
  { key: 'activityCatalogue', to: '/activities/catalogue', needs: 'activity.read' },
  { key: 'vocabularies', to: '/admin/vocabularies', needs: 'activity.read' },
  { key: 'compliance', to: '/admin/compliance', needs: 'compliance.read' },
  { key: 'registerSettings', to: '/admin/register', needs: 'activity.read' },
  { key: 'accessPolicies', to: '/admin/access-policies', needs: 'access-policy.read' },
] as const satisfies readonly { key: string; to: string; needs: Permission }[]

export const navigationFor = (may: (permission: Permission) => boolean) =>
  navigation
    .map(group => ({ key: group.key, items: group.items.filter(item => item.needs === null || may(item.needs)) }))
    .filter(group => group.items.length > 0)
