import { Link } from '@tanstack/react-router'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'

const tabs = [
  { key: 'list', to: '/group-mappings', needs: 'rule.read' },
  { key: 'desk', to: '/group-mappings/desk', needs: 'mapping.read' },
  { key: 'changes', to: '/group-mappings/changes', needs: 'mapping.read' },
] as const

/** The screens about groups, as links: each has an address of its own. */
export function MappingTabs(props: { at: (typeof tabs)[number]['key'] }) {
  const { t } = useTexts()
  const may = useMay()
  return (
    <nav className={`${classes.tabs} no-print`} aria-label={t('mapping.tabsLabel')}>
      {tabs
        .filter(tab => may(tab.needs))
        .map(tab => (
          <Link
            key={tab.key}
            to={tab.to}
            activeOptions={{ exact: true }}
            aria-current={props.at === tab.key ? 'page' : undefined}
          >
            {t(`mapping.tabs.${tab.key}`)}
          </Link>
        ))}
    </nav>
  )
}
