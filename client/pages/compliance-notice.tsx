import { Button, Group, Stack } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { getNoticeStanding, listComplianceTexts, makeComplianceDocument } from '#contract/compliance.ts'
import { makeRegisterDocument } from '#contract/documents.ts'
import { ComplianceTabs } from '../features/compliance/compliance-tabs.tsx'
import { NotTold } from '../features/compliance/not-told.tsx'
import { EditText, type OwnTextRow, ReadText } from '../features/compliance/text-dialog.tsx'
import { call } from '../lib/call.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { PaperMenu } from '../ui/paper-menu.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/admin/compliance/notice')

/** The documents that the product ships, as the municipality has made them its own, and who has been told. */
export function ComplianceNoticePage() {
  const { t } = useTexts()
  const { offset = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const standing = useCall(getNoticeStanding)
  return (
    <Page title={t('compliance.title')} section={t('compliance.tabs.notice')} lead={t('compliance.lead')}>
      <ComplianceTabs at="notice" />
      <Stack gap={16}>
        <Texts />
        <Answer query={standing}>
          {told => (
            <Card title={t('notice.standing')}>
              <Stack gap={12}>
                <Standing told={told} />
                {told.version > 0 && told.allowed.list && (
                  <NotTold
                    version={told.version}
                    mayRecord={told.allowed.record}
                    offset={offset}
                    onMove={next => void navigate({ search: { offset: next || undefined } })}
                  />
                )}
              </Stack>
            </Card>
          )}
        </Answer>
      </Stack>
    </Page>
  )
}

type Told = { version: number; people: number; screen: number; paper: number; withoutAccount: number }
function Standing({ told }: { told: Told }) {
  const { t, number } = useTexts()
  if (told.version === 0) return <p>{t('notice.none')}</p>
  return (
    <>
      <p>
        {t('notice.figures', {
          ...{ told: number(told.screen + told.paper), people: number(told.people), version: String(told.version) },
          ...{ screen: number(told.screen), paper: number(told.paper) },
        })}
      </p>
      {told.withoutAccount > 0 && (
        <p>
          {t('notice.withoutAccount', { number: number(told.withoutAccount) })}{' '}
          <Link to="/about/privacy" className="link">
            {t('notice.print')}
          </Link>
        </p>
      )}
    </>
  )
}

function Texts() {
  const { t, day, language } = useTexts()
  const query = useCall(listComplianceTexts)
  const [open, setOpen] = useState<{ what: 'read' | 'edit'; text: OwnTextRow } | null>(null)
  const close = () => setOpen(null)
  return (
    <Answer query={query}>
      {({ ownRecordId, ...data }) => (
        <Card title={t('notice.texts')}>
          <Stack gap={16}>
            {data.texts.map(text => (
              <div key={text.kind}>
                <strong>{t(`notice.kind.${text.kind}`)}</strong>
                <div className="meta">
                  {text.publishedAt
                    ? t('notice.version', { version: String(text.version), day: day(text.publishedAt) })
                    : t('notice.shippedDraft')}
                  {text.reason && `: ${text.reason}`}
                </div>
                <Group gap={8} mt={4}>
                  <Button
                    variant="default"
                    aria-label={t('notice.readOf', { kind: t(`notice.kind.${text.kind}`) })}
                    onClick={() => setOpen({ what: 'read', text })}
                  >
                    {t('notice.read')}
                  </Button>
                  <PaperMenu
                    label={t('notice.fileOf', { kind: t(`notice.kind.${text.kind}`) })}
                    make={format => call(makeComplianceDocument, { query: { kind: text.kind, format, language } })}
                  />
                  {data.allowed.change && (
                    <Button
                      variant="default"
                      aria-label={t('notice.editOf', { kind: t(`notice.kind.${text.kind}`) })}
                      onClick={() => setOpen({ what: 'edit', text })}
                    >
                      {t('notice.edit')}
                    </Button>
                  )}
                </Group>
              </div>
            ))}
            <div>
              <p className="dim">
                {t('notice.ownRecord')}{' '}
                {ownRecordId === null ? (
                  <Link to="/activities" className="link">
                    {t('notice.ownRecordLink')}
                  </Link>
                ) : (
                  <Link to="/activities/$activityId" params={{ activityId: ownRecordId }} className="link">
                    {t('notice.ownRecordOpen')}
                  </Link>
                )}
              </p>
              {ownRecordId !== null && (
                <PaperMenu
                  label={t('notice.fileRecord')}
                  make={format => call(makeRegisterDocument, { query: { activity: ownRecordId, format, language } })}
                />
              )}
            </div>
          </Stack>
          {open?.what === 'read' && <ReadText text={open.text} onClose={close} />}
          {open?.what === 'edit' && <EditText text={open.text} onClose={close} />}
        </Card>
      )}
    </Answer>
  )
}
