import { Link } from '@tanstack/react-router'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from './systems.module.css'

const tabs = [
  { key: 'system', to: '/systems/$systemId', needs: null },
  { key: 'sheet', to: '/systems/$systemId/sheet', needs: null },
  { key: 'userList', to: '/systems/$systemId/user-list', needs: null },
  { key: 'duties', to: '/systems/$systemId/duties', needs: 'activity.read' },
  { key: 'delivery', to: '/systems/$systemId/delivery', needs: 'order.read' },
  { key: 'orders', to: '/systems/$systemId/orders', needs: 'order.read' },
] as const

/** The screens of one system, as links: each has an address of its own. */
export function SystemTabs(props: { systemId: string; at: (typeof tabs)[number]['key'] }) {
  const { t } = useTexts()
  const may = useMay()
  return (
    <nav className={`${classes.tabs} no-print`} aria-label={t('catalogue.tabsLabel')}>
      {tabs
        .filter(tab => tab.needs === null || may(tab.needs))
        .map(tab => (
          <Link
            key={tab.key}
            to={tab.to}
            params={{ systemId: props.systemId }}
            activeOptions={{ exact: true }}
            aria-current={props.at === tab.key ? 'page' : undefined}
          >
            {t(`catalogue.tabs.${tab.key}`)}
          </Link>
        ))}
    </nav>
  )
}
