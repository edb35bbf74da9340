import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import * as search from '../lib/search.ts'
import { loadSession } from '../lib/session.ts'
import { needTexts } from '../texts/i18n.ts'
import { CrashPage } from './crash.tsx'
import { NotFoundPage, NotFoundScreen } from './not-found.tsx'

export const root = createRootRoute({ component: Outlet, errorComponent: CrashPage, notFoundComponent: NotFoundScreen })

export const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: search.signInSearch,
  component: lazyRouteComponent(() => import('../pages/sign-in.tsx'), 'SignInPage'),
})
export const link = createRoute({
  getParentRoute: () => root,
  path: '/link/$token',
  component: lazyRouteComponent(() => import('../pages/link.tsx'), 'LinkPage'),
})

export const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
  beforeLoad: async ({ location }) => {
    const session = await loadSession()
    if (!session.signedIn || session.secondFactor !== 'none')
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
    await needTexts('inside')()
  },
})
export const parent = { getParentRoute: () => app } as const
/** A screen with the texts of parts (client/texts/parts.ts) beside those that every screen has. */
export const withTexts = (...parts: Parameters<typeof needTexts>) =>
  ({ ...parent, beforeLoad: needTexts(...parts) }) as const
