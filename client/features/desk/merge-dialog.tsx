import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { IconSwitchHorizontal } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { mergePersons, previewMerge } from '#contract/person-matches.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Answer } from '../../ui/states.tsx'
import { MergePreview } from './merge-preview.tsx'

type Ref = { id: string; name: string | null }

/** Which of the two stays, what follows from it, and the reason on record. */
export function MergeDialog(props: { one: Ref; two: Ref; onClose: () => void; onDone: () => void }) {
  const { t } = useTexts()
  const [swapped, setSwapped] = useState(false)
  const [short, setShort] = useState(false)
  const [survivor, absorbed] = swapped ? [props.two, props.one] : [props.one, props.two]
  const preview = useCall(previewMerge, { body: { survivorId: survivor.id, absorbedId: absorbed.id } })
  const merge = useCommand(mergePersons, () => {
    announce(t('pairs.merged'))
    props.onDone()
  })
  const code = merge.error ? problemOf(merge.error).code : null
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    setShort(reason.length < 5)
    if (reason.length < 5 || !preview.data) return
    merge.mutate({
      body: { survivorId: survivor.id, absorbedId: absorbed.id, hash: preview.data.hash, reason },
    })
  }
  return (
    <Modal opened onClose={props.onClose} size="xl" title={t('pairs.previewTitle')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p>
            {t('pairs.survivor')}: <b>{survivor.name ?? t('people.protectedPerson')}</b>{' '}
            <Button
              variant="default"
              size="xs"
              leftSection={<IconSwitchHorizontal size={16} aria-hidden />}
              onClick={() => setSwapped(!swapped)}
            >
              {t('pairs.swap')}
            </Button>
          </p>
          <p className="meta">{t('pairs.survivorHint')}</p>
          <Answer query={preview}>{answer => <MergePreview preview={answer} />}</Answer>
          <Textarea
            name="reason"
            label={t('pairs.reason')}
            rows={2}
            maxLength={1000}
            error={
              short
                ? t('pairs.reasonShort')
                : code === 'plan-stale'
                  ? t('pairs.stale')
                  : code === 'merge-refused'
                    ? t('pairs.refused')
                    : code
                      ? t(`problem.${code}`)
                      : null
            }
          />
          <Group gap={8}>
            <Button type="submit" loading={merge.isPending}>
              {t('pairs.doMerge')}
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
