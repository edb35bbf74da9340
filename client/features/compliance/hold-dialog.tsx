import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { placeHold } from '#contract/compliance.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Who, WhoPicker } from '../../ui/who-picker.tsx'

/** Nothing of a person is deleted until a day: whom, who answers for it, until when, and why. */
export function HoldDialog(props: { onPlaced: () => void; onClose: () => void }) {
  const { t } = useTexts()
  const [person, setPerson] = useState<Who | null>(null)
  const [owner, setOwner] = useState<Who | null>(null)
  const [wrong, setWrong] = useState(false)
  const place = useCommand(placeHold, props.onPlaced)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const expiresOn = String(form.get('expiresOn') ?? '')
    const reason = String(form.get('reason') ?? '').trim()
    const missing = !person || !owner || !expiresOn || reason.length < 5
    setWrong(missing)
    if (!missing) place.mutate({ body: { kind: 'person', subjectId: person.id, ownerId: owner.id, expiresOn, reason } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t('holds.addTitle')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          {wrong && <p role="alert">{t('holds.missing')}</p>}
          {place.error && <p role="alert">{t(`problem.${problemOf(place.error).code}`)}</p>}
          <WhoPicker id="hold-person" label={t('holds.person')} hint={t('holds.personHint')} onPick={setPerson} />
          {person && <p>{t('holds.chosen', { name: person.name })}</p>}
          <WhoPicker id="hold-owner" label={t('holds.owner')} hint={t('holds.personHint')} onPick={setOwner} />
          {owner && <p>{t('holds.chosen', { name: owner.name })}</p>}
          <TextInput type="date" name="expiresOn" label={t('holds.expires')} description={t('holds.expiresHint')} />
          <Textarea
            name="reason"
            label={t('askedReason.label')}
            description={t('askedReason.hint')}
            rows={3}
            maxLength={500}
          />
          <Group gap={8}>
            <Button type="submit" loading={place.isPending}>
              {t('holds.place')}
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
