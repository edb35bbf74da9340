import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { placeHold } from '#contract/compliance.ts'
import { problemOf } from '../lib/call.ts'
import { useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { type Who, WhoPicker } from './who-picker.tsx'

/** What a hold is placed on where the page says it already; `name` null: it is not to be shown. */
export type Held = { kind: 'person' | 'case'; id: string; name: string | null }

/** Nothing of a person, or about a report, is deleted until a day: who answers for it, until when, and why. */
export function HoldDialog(props: { of?: Held; onPlaced: () => void; onClose: () => void }) {
  const { t } = useTexts()
  const [person, setPerson] = useState<Who | null>(null)
  const held: Held | null = props.of ?? (person && { kind: 'person', id: person.id, name: person.name })
  const [owner, setOwner] = useState<Who | null>(null)
  const [wrong, setWrong] = useState(false)
  const place = useCommand(placeHold, props.onPlaced)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const expiresOn = String(form.get('expiresOn') ?? '')
    const reason = String(form.get('reason') ?? '').trim()
    const missing = !held || !owner || !expiresOn || reason.length < 5
    setWrong(missing)
    if (!missing) place.mutate({ body: { kind: held.kind, subjectId: held.id, ownerId: owner.id, expiresOn, reason } })
  }
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t(props.of?.kind === 'case' ? 'holds.addTitleCase' : 'holds.addTitle')}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          {wrong && <p role="alert">{t('holds.missing')}</p>}
          {place.error && <p role="alert">{t(`problem.${problemOf(place.error).code}`)}</p>}
          {props.of?.kind === 'case' && <p>{t('holds.caseHelp')}</p>}
          {props.of ? (
            <p>{t('holds.about', { name: props.of.name ?? t('people.protectedPerson') })}</p>
          ) : (
            <WhoPicker
              id="hold-person"
              first
              label={t('holds.person')}
              hint={t('holds.personHint')}
              onPick={setPerson}
            />
          )}
          {person && <p>{t('holds.chosen', { name: person.name })}</p>}
          <WhoPicker
            id="hold-owner"
            first={props.of !== undefined}
            label={t('holds.owner')}
            hint={t('holds.personHint')}
            onPick={setOwner}
          />
          {owner && <p>{t('holds.chosen', { name: owner.name })}</p>}
          <TextInput type="date" name="expiresOn" label={t('holds.expires')} description={t('holds.expiresHint')} />
          <Textarea
            name="reason"
            label={t('askedReason.label')}
            description={t('holds.reasonHint')}
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
