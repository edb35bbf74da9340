import { Button, NativeSelect } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { MAIL_STATES } from '#contract/mail-lists.ts'
import { listMails, sendMailAgain } from '#contract/mails.ts'
import { MAILS_SHOWN, MailList } from '../features/mails/mail-list.tsx'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { FilterRow } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/admin/mails')

/** Mails to everybody: whether they arrived, and another try for those that did not. */
export function MailsPage() {
  const { t, number } = useTexts()
  const { offset = 0, state } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useCall(listMails, { query: { state, offset, limit: MAILS_SHOWN } }, { keep: true })
  const again = useCommand(sendMailAgain, () => announce(t('mails.againDone')))
  return (
    <Page title={t('mails.title')} section={t('nav.administration')} lead={t('mails.lead')}>
      <Answer query={query}>
        {data => (
          <>
            {!data.server && <p>{t('mails.noServer')}</p>}
            <FilterRow>
              <NativeSelect
                label={t('mails.filterState')}
                value={state ?? ''}
                onChange={event =>
                  void navigate({
                    search: { state: MAIL_STATES.find(one => one === event.currentTarget.value) },
                  })
                }
                data={[
                  { value: '', label: t('mails.all') },
                  ...MAIL_STATES.map(one => ({
                    value: one,
                    label: `${t(`mails.state.${one}`)} (${number(data.counts[one])})`,
                  })),
                ]}
              />
            </FilterRow>
            <MailList
              readers
              rows={data.rows}
              total={data.total}
              offset={offset}
              stale={query.isPlaceholderData}
              onMove={next => void navigate({ search: { state, offset: next || undefined } })}
              action={row =>
                row.allowed.sendAgain && (
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={`${t('mails.again')}: ${row.subject}`}
                    onClick={() => again.mutate({ params: { mailId: row.id } })}
                  >
                    {t('mails.again')}
                  </Button>
                )
              }
            />
          </>
        )}
      </Answer>
    </Page>
  )
}
