import { Button, Code, Group, Modal, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { createToken, MOST_DAYS } from '#contract/tokens.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

export type Made = { name: string; token: string; expiresAt: string }

export function TokenForm(props: { feeds: readonly string[]; onClose: () => void; onMade: (made: Made) => void }) {
  const { t } = useTexts()
  const [wrong, setWrong] = useState<{ name?: string; days?: string }>({})
  const [name, setName] = useState('')
  const [feed, setFeed] = useState('hr-events')
  const [days, setDays] = useState<string | number>(365)
  const create = useCommand(createToken, answer => props.onMade({ name, ...answer }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const count = Number(days)
    const next = {
      ...(name.trim().length < 2 ? { name: t('tokens.nameShort') } : {}),
      ...(Number.isInteger(count) && count >= 1 && count <= MOST_DAYS
        ? {}
        : { days: t('tokens.daysWrong', { most: String(MOST_DAYS) }) }),
    }
    setWrong(next)
    if (Object.keys(next).length === 0)
      create.mutate({ body: { name: name.trim(), rights: ['hr-event.send'], feed, days: count } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t('tokens.create')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <TextInput
            data-autofocus
            label={t('tokens.name')}
            description={t('tokens.nameHint')}
            maxLength={80}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            error={wrong.name ?? null}
          />
          <NativeSelect
            label={t('tokens.feed')}
            description={t('tokens.feedHint')}
            value={feed}
            onChange={event => setFeed(event.currentTarget.value)}
            data={['hr-events', ...props.feeds]}
          />
          <NumberInput
            label={t('tokens.days')}
            description={t('tokens.daysHint', { most: String(MOST_DAYS) })}
            min={1}
            max={MOST_DAYS}
            value={days}
            onChange={setDays}
            error={wrong.days ?? (create.error ? t(`problem.${create.error.problem.code}`) : null)}
          />
          <Group gap={8}>
            <Button type="submit" loading={create.isPending}>
              {t('tokens.make')}
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

/** The token is nowhere else: the dialog closes by its button only, so that a click beside it does not lose it. */
export function TokenOnce(props: { made: Made; onClose: () => void }) {
  const { t, instant } = useTexts()
  const { made } = props
  const copy = () => void navigator.clipboard.writeText(made.token).then(() => announce(t('do.copied')))
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('tokens.onceTitle', { name: made.name })}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap={16}>
        <p>{t('tokens.onceLead')}</p>
        <div>
          <div className="meta">{t('tokens.once')}</div>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} data-token>
            {made.token}
          </Code>
        </div>
        <p className="dim">{t('tokens.onceUntil', { when: instant(made.expiresAt) })}</p>
        <Group gap={8}>
          <Button data-autofocus leftSection={<IconCopy size={18} aria-hidden />} onClick={copy}>
            {t('do.copy')}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {t('tokens.onceDone')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
