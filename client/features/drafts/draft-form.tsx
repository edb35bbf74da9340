import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { problemOf } from '../../lib/call.ts'
import { dayOf } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'
import { useProblemText } from '../../ui/problem-text.ts'

type Content = { name: string; note: string; onDate: string }

/** Name, date and note of a draft: to begin one, and to change it. */
export function DraftForm(props: {
  title: string
  verb: string
  busy: boolean
  error: unknown
  given?: Content
  onSave: (content: Content) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const problemText = useProblemText()
  const [wrong, setWrong] = useState<{ name?: string; onDate?: string }>({})
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const content = { name: text('name'), note: text('note'), onDate: text('onDate') }
    setWrong({
      ...(content.name.length < 3 ? { name: t('drafts.form.nameMissing') } : {}),
      ...(content.onDate === '' ? { onDate: t('drafts.form.onDateMissing') } : {}),
    })
    if (content.name.length >= 3 && content.onDate !== '') props.onSave(content)
  }
  return (
    <Modal opened onClose={props.onClose} title={props.title}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <TextInput
            name="name"
            data-autofocus
            label={t('drafts.form.name')}
            description={t('drafts.form.nameHint')}
            defaultValue={props.given?.name ?? ''}
            maxLength={200}
            error={wrong.name}
          />
          <TextInput
            name="onDate"
            type="date"
            label={t('drafts.form.onDate')}
            description={t('drafts.form.onDateHint')}
            defaultValue={props.given?.onDate ?? dayOf(new Date().toISOString())}
            error={wrong.onDate}
          />
          <Textarea
            name="note"
            label={t('drafts.form.note')}
            rows={3}
            maxLength={2000}
            defaultValue={props.given?.note ?? ''}
          />
          {props.error !== null && props.error !== undefined && (
            <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
              {problemText(problemOf(props.error))}
            </p>
          )}
          <Group gap={8}>
            <Button type="submit" loading={props.busy}>
              {props.verb}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
