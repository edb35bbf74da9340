import { useTexts } from '../../texts/i18n.ts'
import { TabLinks } from '../../ui/tab-links.tsx'

const tabs = [
  { key: 'desk', to: '/bindings', needs: 'binding.read' },
  { key: 'list', to: '/bindings/list', needs: 'binding.read' },
] as const

/** The screens about what rights are for. */
export function BindingsTabs(props: { at: (typeof tabs)[number]['key'] }) {
  const { t } = useTexts()
  return (
    <TabLinks
      label={t('bindings.tabsLabel')}
      tabs={tabs.map(tab => ({ ...tab, text: t(`bindings.tabs.${tab.key}`) }))}
      at={props.at}
    />
  )
}
