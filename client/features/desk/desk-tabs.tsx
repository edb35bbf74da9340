import { Link } from '@tanstack/react-router'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'

const tabs = [
  { key: 'accounts', to: '/desk', needs: 'link.read' },
  { key: 'people', to: '/desk/people', needs: 'person-match.read' },
  { key: 'merges', to: '/desk/merges', needs: 'person-match.read' },
  { key: 'kinds', to: '/desk/kinds', needs: 'account-rule.read' },
] as const

/** The four screens of the desk, as links: each has an address of its own. */
export function DeskTabs(props: { at: (typeof tabs)[number]['key'] }) {
  const { t } = useTexts()
  const may = useMay()
  return (
    <nav className={`${classes.tabs} no-print`} aria-label={t('desk.tabsLabel')}>
      {tabs
        .filter(tab => may(tab.needs))
        .map(tab => (
          <Link
            key={tab.key}
            to={tab.to}
            activeOptions={{ exact: true }}
            aria-current={props.at === tab.key ? 'page' : undefined}
          >
            {t(`desk.tabs.${tab.key}`)}
          </Link>
        ))}
    </nav>
  )
}
