import { useTexts } from '../../texts/i18n.ts'
import { TabLinks } from '../../ui/tab-links.tsx'

/** Screens about coming and going, each for those who may open it. */
export function LifecycleTabs(props: { at: 'board' | 'cases' | 'proof' | 'leadTimes' }) {
  const { t } = useTexts()
  return (
    <TabLinks
      label={t('board.title')}
      at={props.at}
      tabs={[
        { key: 'board', to: '/lifecycle', needs: 'case.read', text: t('nav.board') },
        { key: 'cases', to: '/lifecycle/cases', needs: 'case.read', text: t('nav.cases') },
        { key: 'proof', to: '/lifecycle/proof', needs: 'proof.read', text: t('nav.proof') },
        { key: 'leadTimes', to: '/lifecycle/lead-times', needs: 'lead-times.read', text: t('nav.leadTimes') },
      ]}
    />
  )
}
