import { useTexts } from '../../texts/i18n.ts'
import { TabLinks } from '../../ui/tab-links.tsx'

const tabs = [
  { key: 'retention', to: '/admin/compliance', needs: 'compliance.read' },
  { key: 'holds', to: '/admin/compliance/holds', needs: 'hold.read' },
  { key: 'notice', to: '/admin/compliance/notice', needs: 'compliance.read' },
  { key: 'samples', to: '/admin/compliance/samples', needs: 'lookup-sample.read' },
] as const

/** The screens about what the product owes itself. */
export function ComplianceTabs(props: { at: (typeof tabs)[number]['key'] }) {
  const { t } = useTexts()
  return (
    <TabLinks
      label={t('compliance.tabsLabel')}
      tabs={tabs.map(tab => ({ ...tab, text: t(`compliance.tabs.${tab.key}`) }))}
      at={props.at}
    />
  )
}
