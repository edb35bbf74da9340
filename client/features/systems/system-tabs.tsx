import { Link } from '@tanstack/react-router'
import { useTexts } from '../../texts/i18n.ts'
import classes from './systems.module.css'

const tabs = [
  { key: 'system', to: '/systems/$systemId' },
  { key: 'sheet', to: '/systems/$systemId/sheet' },
  { key: 'userList', to: '/systems/$systemId/user-list' },
] as const

/** The screens of one system, as links: each has an address of its own. */
export function SystemTabs(props: { systemId: string; at: (typeof tabs)[number]['key'] }) {
  const { t } = useTexts()
  return (
    <nav className={`${classes.tabs} no-print`} aria-label={t('catalogue.tabsLabel')}>
      {tabs.map(tab => (
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
