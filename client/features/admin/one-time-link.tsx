import { Button, Code, Group, Modal, Stack } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import type { OneTime } from './invite-form.tsx'

/** The link is nowhere else: the dialog closes by its button only, so that a click beside it does not lose it. */
export function OneTimeLink(props: { link: OneTime; onClose: () => void }) {
  const { t, instant } = useTexts()
  const { link } = props
  const copy = () => void navigator.clipboard.writeText(link.url).then(() => announce(t('do.copied')))
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('users.linkTitle', { name: link.name })}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap={16}>
        <p>{t('users.linkLead')}</p>
        <div>
          <div className="meta">{t('users.link')}</div>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} data-one-time-link>
            {link.url}
          </Code>
        </div>
        <p className="dim">{t('users.linkUntil', { when: instant(link.expiresAt) })}</p>
        <Group gap={8}>
          <Button data-autofocus leftSection={<IconCopy size={18} aria-hidden />} onClick={copy}>
            {t('do.copy')}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t('users.linkGiven')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
