import { Button, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode } from 'react'

/** The question before something that has a consequence: what it is about, what follows, and the verb as the button. */
export function Confirm(props: {
  title: string
  verb: string
  cancel: string
  danger?: boolean
  busy: boolean
  error: string | null
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Modal opened onClose={props.onClose} title={props.title}>
      <Stack gap={16}>
        {props.children}
        {props.error && (
          <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
            {props.error}
          </p>
        )}
        <Group gap={8}>
          <Button color={props.danger ? 'red' : 'petrol'} loading={props.busy} onClick={props.onConfirm}>
            {props.verb}
          </Button>
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {props.cancel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
