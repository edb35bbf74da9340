import { useTexts } from '../../texts/i18n.ts'
import { TabLinks } from '../../ui/tab-links.tsx'

const tabs = [
  { key: 'accounts', to: '/desk', needs: 'link.read' },
  { key: 'people', to: '/desk/people', needs: 'person-match.read' },
  { key: 'merges', to: '/desk/merges', needs: 'person-match.read' },
  { key: 'kinds', to: '/desk/kinds', needs: 'account-rule.read' },
] as const

/** The four screens of the desk. */
export function DeskTabs(props: { at: (typeof tabs)[number]['key'] }) {
  const { t } = useTexts()
  return (
    <TabLinks
      label={t('desk.tabsLabel')}
      tabs={tabs.map(tab => ({ ...tab, text: t(`desk.tabs.${tab.key}`) }))}
      at={props.at}
    />
  )
}
