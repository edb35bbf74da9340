import { NativeSelect } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import type { MailLanguage } from '#contract/mail-lists.ts'
import { listOwnMails, setMailLanguage } from '#contract/mails.ts'
import { MAILS_SHOWN, MailList } from '../features/mails/mail-list.tsx'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/me/mails')

/** What I was told, whether or not mail goes out, and in which language. */
export function OwnMailsPage() {
  const { t } = useTexts()
  const { offset = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useCall(listOwnMails, { query: { offset, limit: MAILS_SHOWN } }, { keep: true })
  const set = useCommand(setMailLanguage, () => announce(t('mails.languageSet')))
  return (
    <Page title={t('mails.ownTitle')} section={t('person.mePageTitle')} lead={t('mails.ownLead')}>
      <Answer query={query}>
        {data => (
          <>
            <p>{t(`mails.by.${data.by}`)}</p>
            <NativeSelect
              label={t('mails.language')}
              value={data.language}
              style={{ maxWidth: 240 }}
              onChange={event => set.mutate({ body: { language: event.currentTarget.value as MailLanguage } })}
              data={(['da', 'en'] as const).map(value => ({ value, label: t(`mails.languageIs.${value}`) }))}
            />
            <MailList
              rows={data.rows}
              total={data.total}
              offset={offset}
              stale={query.isPlaceholderData}
              onMove={next => void navigate({ search: { offset: next || undefined } })}
            />
          </>
        )}
      </Answer>
    </Page>
  )
}
