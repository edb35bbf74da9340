import { useTexts } from '../../texts/i18n.ts'
import { TabLinks } from '../../ui/tab-links.tsx'

/** What programs have sent, and everything that was said, whoever said it. */
export function InboxTabs(props: { at: 'events' | 'all' }) {
  const { t } = useTexts()
  return (
    <TabLinks
      label={t('factInbox.tabs.label')}
      at={props.at}
      tabs={[
        { key: 'events', to: '/lifecycle/inbox', needs: 'inbox.read', text: t('factInbox.tabs.events') },
        { key: 'all', to: '/lifecycle/inbox/all', needs: 'inbox.read', text: t('factInbox.tabs.all') },
      ]}
    />
  )
}
