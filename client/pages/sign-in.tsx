import { Alert } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Session } from '#contract/auth.ts'
import { getSession } from '#contract/auth.ts'
import { DemoUsers } from '../features/auth/demo-users.tsx'
import { SignInForm } from '../features/auth/sign-in-form.tsx'
import { useCall } from '../lib/query.ts'
import { setSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { PlainFrame } from '../ui/plain-frame.tsx'
import { Failure, Waiting } from '../ui/states.tsx'
import classes from './sign-in.module.css'

const SecondFactor = lazy(() =>
  import('../features/auth/second-factor.tsx').then(module => ({ default: module.SecondFactor })),
)
const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { t } = useTexts()
  const router = useRouter()
  const { to, why } = route.useSearch()
  const query = useCall(getSession, {}, { every: 60_000 })
  const session = query.data
  // Between the password and the door. Setting up a second factor opens the door at once, but its recovery codes have to
  // stand until they are saved: the step ends when it says so, not when the session changes.
  const [between, setBetween] = useState<Session | null>(null)
  const entered = (next: Session) => {
    setBetween(next.secondFactor === 'none' ? null : next)
    setSession(next)
    // Only a path of our own: an address from outside in `to` would make this page a way to send people anywhere.
    if (next.signedIn && next.secondFactor === 'none')
      void router.history.push(to?.startsWith('/') && !to.startsWith('//') && !to.startsWith('/\\') ? to : '/')
  }
  const pending = session && session.secondFactor !== 'none' ? session : null
  useEffect(() => {
    if (pending) setBetween(pending)
  }, [pending])
  const second = pending ?? (session?.signedIn ? between : null)
  const inside = session?.signedIn && second === null
  useEffect(() => {
    if (inside && !why) void router.history.replace('/')
  }, [inside, why, router])

  if (!session)
    return (
      <PlainFrame>
        {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting rows={3} />}
      </PlainFrame>
    )

  if (second)
    return (
      <PlainFrame municipality={session.municipality}>
        <Suspense fallback={<Waiting rows={2} />}>
          <SecondFactor session={second} onSession={entered} />
        </Suspense>
      </PlainFrame>
    )

  return (
    <PlainFrame municipality={session.municipality} wide={session.demo !== null}>
      <div className={classes.columns} data-demo={session.demo ? true : undefined}>
        <div>
          <Page title={t('signIn.title')} lead={t('signIn.lead')}>
            {why && (
              <Alert color="blue" icon={<IconInfoCircle size={18} aria-hidden />} role="status">
                {t(why === 'expired' ? 'signIn.expired' : 'signIn.signedOut')}
              </Alert>
            )}
            <SignInForm session={session} onSession={entered} />
          </Page>
        </div>
        {session.demo && <DemoUsers users={session.demo.users} onSession={entered} />}
      </div>
    </PlainFrame>
  )
}
