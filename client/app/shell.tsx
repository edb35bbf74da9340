import { ActionIcon, Kbd, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconInfoCircle, IconMenu2, IconSearch, IconX } from '@tabler/icons-react'
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { ConfirmIdentity } from '../features/auth/confirm-identity.tsx'
import { wire } from '../lib/call.ts'
import { useMay, useSession } from '../lib/session.ts'
import { needTexts, useTexts } from '../texts/i18n.ts'
import { Announcer } from '../ui/announcer.tsx'
import { Brand } from '../ui/brand.tsx'
import { Account } from './account.tsx'
import { keepFocus } from './keep-focus.ts'
import { itemOf, navigationFor } from './nav.ts'
import classes from './shell.module.css'

const Palette = lazy(async () => {
  const [{ Palette }] = await Promise.all([import('./palette.tsx'), needTexts('palette')()])
  return { default: Palette }
})

/** Shown once in each version of the notice: asks for itself, and brings its own texts only when it has something to say. */
const Notice = lazy(async () => ({ default: (await import('./notice.tsx')).Notice }))

export function Shell() {
  const { t } = useTexts()
  const session = useSession()
  const router = useRouter()
  const path = useRouterState({ select: state => state.location.pathname })
  const [menu, setMenu] = useState(false)
  const [palette, setPalette] = useState<{ mounted: boolean; open: boolean }>({ mounted: false, open: false })

  const opener = useRef<Element | null>(null)
  const openPalette = useCallback(() => {
    opener.current = document.activeElement
    setPalette({ mounted: true, open: true })
  }, [])
  const closePalette = () => {
    setPalette({ mounted: true, open: false })
    if (opener.current instanceof HTMLElement) opener.current.focus()
  }

  useEffect(keepFocus, [])
  useEffect(() => {
    wire.onSignedOut = () => {
      const here = router.state.location.href
      void wire.refresh().then(() => router.navigate({ to: '/sign-in', search: { to: here, why: 'expired' } }))
    }
    const keys = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        openPalette()
      }
      if (event.key === '?' && !isTyping(event.target)) void router.navigate({ to: '/help' })
    }
    document.addEventListener('keydown', keys)
    return () => document.removeEventListener('keydown', keys)
  }, [router, openPalette])
  useEffect(() => {
    // Loaded and mounted before the first Ctrl K, so that no key typed after it is lost.
    const timer = setTimeout(() => setPalette(old => ({ ...old, mounted: true })), 1_500)
    return () => clearTimeout(timer)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever one has arrived somewhere
  useEffect(() => setMenu(false), [path])

  return (
    <div className={classes.shell}>
      <a className="skip-link" href="#main">
        {t('app.skip')}
      </a>
      <header className={classes.header}>
        <ActionIcon
          className={classes.burger}
          variant="subtle"
          color="gray"
          aria-label={menu ? t('app.closeMenu') : t('app.openMenu')}
          aria-expanded={menu}
          aria-controls="navigation"
          onClick={() => setMenu(open => !open)}
        >
          {menu ? <IconX size={20} aria-hidden /> : <IconMenu2 size={20} aria-hidden />}
        </ActionIcon>
        <Link to="/" className={classes.brand}>
          <Brand />
          <span className={classes.municipality}>{session.municipality}</span>
        </Link>
        <UnstyledButton className={classes.search} onClick={openPalette}>
          <IconSearch size={16} aria-hidden />
          <span>{t('app.search')}</span>
          <Kbd size="xs">Ctrl K</Kbd>
        </UnstyledButton>
        <div className={classes.tools}>
          {session.demo && (
            <span className={classes.demo} title={t('app.demo')}>
              <IconInfoCircle size={14} aria-hidden /> <span>{t('app.demo')}</span>
            </span>
          )}
          <Account />
        </div>
      </header>
      <Navigation open={menu} current={itemOf(path)} onClose={() => setMenu(false)} />
      <main id="main" tabIndex={-1} className={`${classes.main} app-main`}>
        <Outlet />
      </main>
      <ConfirmIdentity />
      {session.actor?.personId && path !== '/about/privacy' && (
        <Suspense>
          <Notice />
        </Suspense>
      )}
      <Announcer />
      {palette.mounted && (
        <Suspense>
          <Palette opened={palette.open} onClose={closePalette} />
        </Suspense>
      )}
    </div>
  )
}

function Navigation(props: { open: boolean; current: string | null; onClose: () => void }) {
  const { t } = useTexts()
  const may = useMay()
  const { actor, municipality } = useSession()
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false })
  const hidden = narrow && !props.open
  return (
    <nav
      id="navigation"
      aria-label={t('app.navigation')}
      className={classes.nav}
      data-open={props.open || undefined}
      hidden={hidden ? true : undefined}
      onKeyDown={event => event.key === 'Escape' && props.onClose()}
    >
      {/* Whole, where there is no room for all of it above. */}
      <p className={classes.where}>{municipality}</p>
      {navigationFor(may).map(group => (
        <div key={group.key} className={classes.group}>
          <h2 className={classes.groupName} id={`nav-${group.key}`}>
            {t(`nav.${group.key}`)}
          </h2>
          <ul aria-labelledby={`nav-${group.key}`}>
            {group.items
              .filter(item => item.needs !== 'me.read' || actor?.personId)
              .map(item => {
                const Sign = item.icon
                const current = item.to === props.current
                return (
                  <li key={item.key}>
                    <Link
                      to={item.to}
                      className={classes.item}
                      // Which one is current the menu knows; the link alone would call every beginning of the address so.
                      activeOptions={{ exact: true, includeSearch: false }}
                      aria-current={current ? 'page' : undefined}
                      data-active={current || undefined}
                      onClick={props.onClose}
                    >
                      <Sign size={20} stroke={1.7} aria-hidden />
                      {t(`nav.${item.key}`)}
                    </Link>
                  </li>
                )
              })}
          </ul>
        </div>
      ))}
      <div className={classes.foot}>
        <Link to="/help">{t('app.shortcuts')}</Link>
        <Link to="/about/privacy">{t('app.privacy')}</Link>
        <Link to="/accessibility">{t('app.footer')}</Link>
      </div>
    </nav>
  )
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
