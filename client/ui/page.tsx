import { IconChevronRight } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'
import classes from './page.module.css'

export type Crumb = { label: string; to: string; params?: Record<string, string>; search?: Record<string, unknown> }

/**
 * The frame of every screen: one h1, the document title, and focus on the heading when one arrives by navigation (a
 * screen reader would otherwise stay on the link that is gone).
 */
export function Page(props: {
  title: string
  /** What the browser's tab and history say; leave out where the title names a person. */
  documentTitle?: string
  section?: string
  lead?: ReactNode
  crumbs?: Crumb[]
  aside?: ReactNode
  badges?: ReactNode
  actions?: ReactNode
  narrow?: boolean
  /** As wide as the window: a matrix has no line to read to the end. */
  wide?: boolean
  /** Only the frame stands; what it is about is on its way. */
  waiting?: boolean
  children: ReactNode
}) {
  const { t } = useTexts()
  const heading = useRef<HTMLHeadingElement>(null)
  const router = useRouter()
  const shown = props.documentTitle ?? props.title
  const titled = [...new Set([shown, props.section, t('app.name')].filter(Boolean))].join(' - ')

  useEffect(() => {
    document.title = titled
  }, [titled])

  const path = router.state.location.pathname
  useEffect(() => {
    if (arrived.path !== null && arrived.path !== path) arrived.bySteps = true
    arrived.path = path
    // A screen first shows itself waiting, then with its content: the heading of the one is gone when the other comes.
    const lost = document.activeElement === document.body || document.activeElement === null
    if (!arrived.bySteps || (arrived.greeted === path && !lost)) return
    heading.current?.focus({ preventScroll: true })
    if (arrived.greeted !== path || lost) {
      arrived.greeted = path
      if (!props.waiting) announce(t('app.arrived', { title: shown }))
    }
  }, [path, shown, t, props.waiting])

  return (
    <div className={classes.page} data-narrow={props.narrow || undefined} data-wide={props.wide || undefined}>
      {props.crumbs && props.crumbs.length > 0 && (
        <nav aria-label={t('app.breadcrumbs')} className={classes.crumbs}>
          <ol>
            {props.crumbs.map((crumb, index) => (
              <li key={`${crumb.to}${crumb.label}`}>
                <Link to={crumb.to as never} params={crumb.params as never} search={crumb.search as never}>
                  {crumb.label}
                </Link>
                {index < (props.crumbs?.length ?? 0) - 1 && <IconChevronRight size={12} aria-hidden />}
              </li>
            ))}
          </ol>
        </nav>
      )}
      <header className={classes.head}>
        <div className={classes.titles}>
          <div className={classes.titleRow}>
            <h1 ref={heading} tabIndex={-1}>
              {props.title}
            </h1>
            {props.badges}
          </div>
          {props.lead && <div className={classes.lead}>{props.lead}</div>}
        </div>
        {props.actions && <div className={`${classes.actions} no-print`}>{props.actions}</div>}
      </header>
      {props.children}
    </div>
  )
}

/** Where one is, whether one came there inside the application, and the screen whose heading has had the focus. */
const arrived: { path: string | null; bySteps: boolean; greeted: string | null } = {
  path: null,
  bySteps: false,
  greeted: null,
}
