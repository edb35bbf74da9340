import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useEffect } from 'react'
import { confirmNotice, getNotice, makeNoticeDocument } from '#contract/compliance.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { call } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card, Facts } from '../ui/card.tsx'
import { OwnText } from '../ui/own-text.tsx'
import { Page } from '../ui/page.tsx'
import { PaperMenu } from '../ui/paper-menu.tsx'
import { periodText } from '../ui/period-text.ts'
import { Answer } from '../ui/states.tsx'

/** What Hjemmel does with information about employees, to read and to print for those who have no account. */
export function PrivacyNoticePage() {
  const { t, language } = useTexts()
  const query = useCall(getNotice)
  return (
    <Page
      title={t('notice.title')}
      lead={t('notice.lead')}
      actions={
        <>
          <PaperMenu
            label={t('notice.file')}
            make={format => call(makeNoticeDocument, { query: { format, language } })}
          />
          <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
            {t('notice.print')}
          </Button>
        </>
      }
      narrow
    >
      <Answer query={query}>{notice => <Notice notice={notice} />}</Answer>
    </Page>
  )
}

function Notice({ notice }: { notice: ResponseOf<typeof getNotice> }) {
  const { t, language, day } = useTexts()
  const confirm = useCommand(confirmNotice)
  const { due, version } = notice
  // Whoever opens the page is shown the notice by it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each version that is due
  useEffect(() => {
    if (due) confirm.mutate({ body: { version } })
  }, [due, version])
  return (
    <>
      <p className="dim">
        {notice.publishedAt
          ? t('notice.version', { version: String(version), day: day(notice.publishedAt) })
          : t('notice.draft')}
        {notice.seenAt && ` · ${t('notice.seenAt', { day: day(notice.seenAt) })}`}
      </p>
      <OwnText text={notice[language]} />
      <Card title={t('notice.periods')}>
        <Facts
          facts={notice.periods.map(row => ({
            label: t(`compliance.row.${row.key}`),
            value: periodText(t, row),
            note: `${t('compliance.columns.from')}: ${t(`compliance.from.${row.from as 'left'}`)}`,
          }))}
        />
      </Card>
    </>
  )
}
