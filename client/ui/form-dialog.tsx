import { Button, Group, Modal, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { type ProblemError, problemOf } from '../lib/call.ts'
import { useTexts } from '../texts/i18n.ts'

/** A form in a window: fields by name, one verb, and what was wrong with it. */
export function FormDialog(props: {
  title: string
  verb: string
  error: ProblemError | null
  busy: boolean
  wide?: boolean
  onClose: () => void
  onSubmit: (field: (name: string) => string) => void
  children: ReactNode
}) {
  const { t } = useTexts()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    props.onSubmit(name => String(form.get(name) ?? '').trim())
  }
  return (
    <Modal opened onClose={props.onClose} title={props.title} {...(props.wide ? { size: 'xl' } : {})}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          {props.children}
          {props.error && <p role="alert">{t(`problem.${problemOf(props.error).code}`)}</p>}
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
