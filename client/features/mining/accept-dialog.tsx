import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../../texts/i18n.ts'

type Content = { name: string; purpose: string; owner: string }

/** What a role must have before it is one: a name, what it is for, and who answers for it. */
export function AcceptDialog(props: {
  /** What the proposal is described as: the name begins as it. */
  name: string
  busy: boolean
  problem: string | null
  onAccept: (content: Content) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const [wrong, setWrong] = useState<Partial<Content>>({})
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const content = { name: text('name'), purpose: text('purpose'), owner: text('owner') }
    const found: Partial<Content> = {
      ...(content.name.length < 3 ? { name: t('mining.nameMissing') } : {}),
      ...(content.purpose.length < 5 ? { purpose: t('mining.purposeMissing') } : {}),
      ...(content.owner === '' ? { owner: t('mining.ownerMissing') } : {}),
    }
    setWrong(found)
    if (Object.keys(found).length === 0) return props.onAccept(content)
    event.currentTarget.querySelector<HTMLElement>(`[name=${Object.keys(found)[0]}]`)?.focus()
  }
  return (
    <Modal opened onClose={props.onClose} title={t('mining.acceptTitle')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p>{t('mining.acceptHelp')}</p>
          <TextInput
            name="name"
            data-autofocus
            label={t('mining.name')}
            description={t('mining.nameHint')}
            defaultValue={props.name.slice(0, 150)}
            maxLength={150}
            error={wrong.name}
          />
          <Textarea
            name="purpose"
            label={t('mining.purpose')}
            description={t('mining.purposeHint')}
            rows={2}
            maxLength={1000}
            error={wrong.purpose}
          />
          <TextInput name="owner" label={t('mining.owner')} maxLength={200} error={wrong.owner} />
          {props.problem && (
            <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
              {props.problem}
            </p>
          )}
          <Group gap={8}>
            <Button type="submit" loading={props.busy}>
              {t('mining.accept')}
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
