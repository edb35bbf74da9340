import { useTexts } from '../../texts/i18n.ts'
import { TabLinks } from '../../ui/tab-links.tsx'

const tabs = [
  { key: 'list', to: '/group-mappings', needs: 'rule.read' },
  { key: 'desk', to: '/group-mappings/desk', needs: 'mapping.read' },
  { key: 'changes', to: '/group-mappings/changes', needs: 'mapping.read' },
] as const

/** The screens about groups. */
export function MappingTabs(props: { at: (typeof tabs)[number]['key'] }) {
  const { t } = useTexts()
  return (
    <TabLinks
      label={t('mapping.tabsLabel')}
      tabs={tabs.map(tab => ({ ...tab, text: t(`mapping.tabs.${tab.key}`) }))}
      at={props.at}
    />
  )
}
