import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type listComplianceTexts, publishComplianceText } from '#contract/compliance.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { OwnText } from '../../ui/own-text.tsx'

export type OwnTextRow = ResponseOf<typeof listComplianceTexts>['texts'][number]

/** One of the documents to read, as it is said today. */
export function ReadText({ text, onClose }: { text: OwnTextRow; onClose: () => void }) {
  const { t, language } = useTexts()
  return (
    <Modal opened onClose={onClose} title={t(`notice.kind.${text.kind}`)} size="xl">
      <OwnText text={text[language]} level={3} />
    </Modal>
  )
}

/** Both languages of a document, published as its next version with why. */
export function EditText({ text, onClose }: { text: OwnTextRow; onClose: () => void }) {
  const { t } = useTexts()
  const [short, setShort] = useState(false)
  const publish = useCommand(publishComplianceText, answer => {
    onClose()
    announce(t('notice.published', { version: String(answer.version) }))
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const said = (name: string) => String(form.get(name) ?? '').trim()
    const reason = said('reason')
    setShort(reason.length < 5)
    if (reason.length >= 5)
      publish.mutate({
        params: { kind: text.kind },
        body: { da: said('da'), en: said('en'), reason, version: text.version },
      })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('notice.publishTitle', { kind: t(`notice.kind.${text.kind}`) })}
      size="xl"
      closeOnClickOutside={false}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          {text.kind === 'notice' && <p>{t('notice.publishNotice')}</p>}
          {publish.error && <p role="alert">{t(`problem.${problemOf(publish.error).code}`)}</p>}
          {(['da', 'en'] as const).map(language => (
            <Textarea
              key={language}
              name={language}
              lang={language}
              label={t(`notice.${language}`)}
              description={t('notice.textHint')}
              defaultValue={text[language]}
              rows={10}
              maxLength={40_000}
              {...(language === 'da' ? { 'data-autofocus': true } : {})}
            />
          ))}
          <Textarea
            name="reason"
            label={t('askedReason.label')}
            description={t('askedReason.hint')}
            rows={2}
            maxLength={500}
            error={short ? t('askedReason.short') : null}
          />
          <Group gap={8}>
            <Button type="submit" loading={publish.isPending}>
              {t('notice.publish')}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
