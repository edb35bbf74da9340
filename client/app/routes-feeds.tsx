import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import * as search from '../lib/search.ts'
import { withTexts } from './route-frame.tsx'

/* What comes in: sources and their runs, what is announced, and whose account it is. */

const sync = createRoute({
  ...withTexts('feeds'),
  path: '/sync',
  validateSearch: search.syncSearch,
  component: lazyRouteComponent(() => import('../pages/sync.tsx'), 'SyncPage'),
})
const run = createRoute({
  ...withTexts('feeds'),
  path: '/sync/runs/$runId',
  validateSearch: search.runSearch,
  component: lazyRouteComponent(() => import('../pages/run.tsx'), 'RunPage'),
})
const sourceNew = createRoute({
  ...withTexts('feeds'),
  path: '/sync/new-source',
  component: lazyRouteComponent(() => import('../pages/source-new.tsx'), 'SourceNewPage'),
})
const source = createRoute({
  ...withTexts('feeds'),
  path: '/sync/sources/$sourceKey',
  validateSearch: search.sourceSearch,
  component: lazyRouteComponent(() => import('../pages/source.tsx'), 'SourcePage'),
})
const sourceEdit = createRoute({
  ...withTexts('feeds'),
  path: '/sync/sources/$sourceKey/edit',
  component: lazyRouteComponent(() => import('../pages/source-edit.tsx'), 'SourceEditPage'),
})
const expected = createRoute({
  ...withTexts('feeds'),
  path: '/sync/expected',
  validateSearch: search.expectedSearch,
  component: lazyRouteComponent(() => import('../pages/expected.tsx'), 'ExpectedPage'),
})
const expectedNew = createRoute({
  ...withTexts('feeds'),
  path: '/sync/expected/new',
  component: lazyRouteComponent(() => import('../pages/expected-new.tsx'), 'ExpectedNewPage'),
})
const expectedOne = createRoute({
  ...withTexts('feeds'),
  path: '/sync/expected/$announcementId',
  component: lazyRouteComponent(() => import('../pages/expected-one.tsx'), 'ExpectedOnePage'),
})
const desk = createRoute({
  ...withTexts('feeds'),
  path: '/desk',
  validateSearch: search.deskSearch,
  component: lazyRouteComponent(() => import('../pages/desk.tsx'), 'DeskPage'),
})
const deskPeople = createRoute({
  ...withTexts('feeds'),
  path: '/desk/people',
  validateSearch: search.pairsSearch,
  component: lazyRouteComponent(() => import('../pages/desk-people.tsx'), 'DeskPeoplePage'),
})
const deskMerges = createRoute({
  ...withTexts('feeds'),
  path: '/desk/merges',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../pages/desk-merges.tsx'), 'DeskMergesPage'),
})
const accountKinds = createRoute({
  ...withTexts('feeds'),
  path: '/desk/kinds',
  component: lazyRouteComponent(() => import('../pages/account-kinds.tsx'), 'AccountKindsPage'),
})

export const feedsRoutes = [
  sync,
  run,
  sourceNew,
  source,
  sourceEdit,
  expected,
  expectedNew,
  expectedOne,
  desk,
  deskPeople,
  deskMerges,
  accountKinds,
] as const
