import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../texts/i18n.ts'

const SHORTEST = 5

/** The question before something that is kept on record with its reason. */
export function ReasonDialog(props: {
  title: string
  /** The verb as the button; the title where it is not given. */
  verb?: string
  danger?: boolean
  busy: boolean
  error: string | null
  onConfirm: (reason: string) => void
  onClose: () => void
  children: ReactNode
}) {
  const { t } = useTexts()
  const [short, setShort] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    setShort(reason.length < SHORTEST)
    if (reason.length >= SHORTEST) props.onConfirm(reason)
  }
  return (
    <Modal opened onClose={props.onClose} title={props.title}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          {props.children}
          <Textarea
            name="reason"
            data-autofocus
            label={t('askedReason.label')}
            description={t('askedReason.hint')}
            rows={3}
            maxLength={500}
            error={short ? t('askedReason.short') : props.error}
          />
          <Group gap={8}>
            <Button type="submit" color={props.danger ? 'red' : 'petrol'} loading={props.busy}>
              {props.verb ?? props.title}
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
