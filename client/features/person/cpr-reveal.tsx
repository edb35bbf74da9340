import { Button, Modal, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { revealCpr } from '#contract/people.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

/** The masked number, and for those who may a button that asks why first. What was shown is gone with the screen. */
export function CprNumber(props: { personId: string; masked: string; may: boolean }) {
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const [short, setShort] = useState(false)
  const reveal = useCommand(revealCpr, () => {
    setOpen(false)
    announce(t('person.cprShown'))
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    setShort(reason.length < 5)
    if (reason.length >= 5) reveal.mutate({ params: { personId: props.personId }, body: { reason } })
  }
  if (reveal.data)
    return (
      <>
        <b style={{ fontVariantNumeric: 'tabular-nums' }}>{reveal.data.cpr}</b>
        <div className="meta">{t('person.cprShown')}</div>
      </>
    )
  return (
    <>
      <span style={{ fontVariantNumeric: 'tabular-nums' }}>{props.masked}</span>{' '}
      {props.may && (
        <Button variant="subtle" size="compact-xs" className="no-print" onClick={() => setOpen(true)}>
          {t('person.cprReveal')}
        </Button>
      )}
      <Modal opened={open} onClose={() => setOpen(false)} title={t('person.cprReveal')}>
        <form onSubmit={submit} noValidate>
          <Stack gap={16}>
            <Textarea
              name="reason"
              data-autofocus
              label={t('person.cprReason')}
              description={t('person.cprRevealHelp')}
              rows={3}
              maxLength={500}
              error={
                short ? t('problem.reason-needed') : reveal.error ? t(`problem.${problemOf(reveal.error).code}`) : null
              }
            />
            <Button type="submit" loading={reveal.isPending}>
              {t('person.cprReveal')}
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
