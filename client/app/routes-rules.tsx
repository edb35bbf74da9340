import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import * as search from '../lib/search.ts'
import { withTexts } from './route-frame.tsx'

/* What people should have: rules and roles, what would be if they were others, and what groups give. */

const rules = createRoute({
  ...withTexts('rules', 'audit', 'views'),
  path: '/rules',
  validateSearch: search.rulesSearch,
  component: lazyRouteComponent(() => import('../pages/rules.tsx'), 'RulesPage'),
})
const rulesImport = createRoute({
  ...withTexts('rules', 'audit'),
  path: '/rules/import',
  component: lazyRouteComponent(() => import('../pages/rules-import.tsx'), 'RulesImportPage'),
})
const rulesChanges = createRoute({
  ...withTexts('rules', 'audit'),
  path: '/rules/changes',
  component: lazyRouteComponent(() => import('../pages/rules-changes.tsx'), 'RulesChangesPage'),
})
const ruleNew = createRoute({
  ...withTexts('rules', 'feeds'),
  path: '/rules/new',
  validateSearch: search.newRuleSearch,
  component: lazyRouteComponent(() => import('../pages/rule-new.tsx'), 'RuleNewPage'),
})
const ruleEdit = createRoute({
  ...withTexts('rules', 'feeds'),
  path: '/rules/$key/edit',
  component: lazyRouteComponent(() => import('../pages/rule-edit.tsx'), 'RuleEditPage'),
})
const rule = createRoute({
  ...withTexts('rules', 'audit'),
  path: '/rules/$key',
  validateSearch: search.ruleSearch,
  component: lazyRouteComponent(() => import('../pages/rule.tsx'), 'RulePage'),
})
const roleNew = createRoute({
  ...withTexts('rules', 'feeds'),
  path: '/roles/new',
  component: lazyRouteComponent(() => import('../pages/role-new.tsx'), 'RoleNewPage'),
})
const roleEdit = createRoute({
  ...withTexts('rules', 'feeds'),
  path: '/roles/$key/edit',
  component: lazyRouteComponent(() => import('../pages/role-edit.tsx'), 'RoleEditPage'),
})
const roles = createRoute({
  ...withTexts('rules', 'audit'),
  path: '/roles',
  validateSearch: search.textSearch,
  component: lazyRouteComponent(() => import('../pages/roles.tsx'), 'RolesPage'),
})
const roleProposals = createRoute({
  ...withTexts('drafts'),
  path: '/roles/proposals',
  validateSearch: search.roleProposalsSearch,
  component: lazyRouteComponent(() => import('../pages/role-proposals.tsx'), 'RoleProposalsPage'),
})
const role = createRoute({
  ...withTexts('rules', 'audit'),
  path: '/roles/$key',
  component: lazyRouteComponent(() => import('../pages/role.tsx'), 'RolePage'),
})
const drafts = createRoute({
  ...withTexts('drafts', 'rules', 'feeds'),
  path: '/drafts',
  validateSearch: search.draftsSearch,
  component: lazyRouteComponent(() => import('../pages/drafts.tsx'), 'DraftsPage'),
})
const draft = createRoute({
  ...withTexts('drafts', 'rules', 'feeds'),
  path: '/drafts/$draftId',
  validateSearch: search.draftSearch,
  component: lazyRouteComponent(() => import('../pages/draft.tsx'), 'DraftPage'),
})
const draftForm = createRoute({
  ...withTexts('drafts', 'rules', 'feeds'),
  path: '/drafts/$draftId/form',
  validateSearch: search.draftFormSearch,
  component: lazyRouteComponent(() => import('../pages/draft-rule.tsx'), 'DraftRulePage'),
})
const mappings = createRoute({
  ...withTexts('rules', 'entitlements'),
  path: '/group-mappings',
  validateSearch: search.mappingsSearch,
  component: lazyRouteComponent(() => import('../pages/mappings.tsx'), 'MappingsPage'),
})
const groupDesk = createRoute({
  ...withTexts('entitlements'),
  path: '/group-mappings/desk',
  validateSearch: search.groupDeskSearch,
  component: lazyRouteComponent(() => import('../pages/group-desk.tsx'), 'GroupDeskPage'),
})
const mappingChanges = createRoute({
  ...withTexts('entitlements'),
  path: '/group-mappings/changes',
  component: lazyRouteComponent(() => import('../pages/mapping-changes.tsx'), 'MappingChangesPage'),
})

export const rulesRoutes = [
  rules,
  rulesImport,
  rulesChanges,
  ruleNew,
  ruleEdit,
  rule,
  roleNew,
  roleEdit,
  roles,
  roleProposals,
  role,
  drafts,
  draft,
  draftForm,
  mappings,
  groupDesk,
  mappingChanges,
] as const
