import { Link, type LinkProps } from '@tanstack/react-router'
import type { Permission } from '#contract/permissions.ts'
import { useMay } from '../lib/session.ts'
import classes from './desk.module.css'

export type TabLink = { key: string; to: LinkProps['to']; needs: Permission; text: string }

/** Screens that belong together, as links: each has an address of its own. Those that the reader may not open are left out. */
export function TabLinks(props: { label: string; tabs: readonly TabLink[]; at: string }) {
  const may = useMay()
  return (
    <nav className={`${classes.tabs} no-print`} aria-label={props.label}>
      {props.tabs
        .filter(tab => may(tab.needs))
        .map(tab => (
          <Link
            key={tab.key}
            to={tab.to}
            activeOptions={{ exact: true }}
            aria-current={props.at === tab.key ? 'page' : undefined}
          >
            {tab.text}
          </Link>
        ))}
    </nav>
  )
}
