import { Button, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { BodyInput } from '#contract/endpoint.ts'
import { listSettlers, previewSettle, type SettleAction, settleFindings } from '#contract/findings.ts'
import { problemOf } from '../../lib/call.ts'
import { addDays } from '../../lib/formats.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useSession } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Answer } from '../../ui/states.tsx'

export type Choice = BodyInput<typeof previewSettle>['choice']
export type Settled = { batchId: string; text: string }
const SHORTEST = 5

/**
 * The question before findings are settled: how many of the chosen it settles and why not the others, until when, why, and of
 * an exception who answers for it. The last day is asked for; the house keeps the first day after it.
 */
export function SettleDialog(props: {
  action: SettleAction
  choice: Choice
  onDone: (settled: Settled) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const { action, choice } = props
  const dated = action === 'exception' || action === 'accept'
  const [until, setUntil] = useState(inDays(90))
  const [short, setShort] = useState(false)
  const [unowned, setUnowned] = useState(false)
  const wrongDate = dated && until < inDays(0)
  const exception = action === 'exception'
  const { actor } = useSession()
  const [owner, setOwner] = useState(actor?.personId ?? '')
  const nobody = exception && owner === ''
  const asked = { action, choice, ...(dated && until ? { until: addDays(until, 1) } : {}) }
  const preview = useCall(previewSettle, { body: asked }, { enabled: !wrongDate, keep: true })
  const settle = useCommand(settleFindings, answer =>
    props.onDone({
      batchId: answer.batchId,
      text: t('findings.done', { count: answer.settled, action: t(`findings.action.${action}`) }),
    }),
  )
  const code = settle.error ? problemOf(settle.error).code : null
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    const tooShort = action !== 'reopen' && reason.length < SHORTEST
    setShort(tooShort)
    setUnowned(nobody)
    if (tooShort || wrongDate || nobody || !preview.data) return
    const answers = exception ? { ownerPersonId: owner } : {}
    settle.mutate({ body: { ...asked, ...answers, reason, hash: preview.data.hash } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t(`findings.action.${action}`)}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p className="dim">{t(`findings.actionHelp.${action}`)}</p>
          <Answer query={preview}>
            {data => (
              <div aria-live="polite">
                <p style={{ fontWeight: 600 }}>
                  {t('findings.fits', { fits: data.fits, of: data.of })}{' '}
                  {data.people > 0 && t('findings.fitsPeople', { count: data.people })}
                </p>
                {data.refused.length > 0 && (
                  <ul>
                    {data.refused.map(one => (
                      <li key={one.why}>{t(`findings.refused.${one.why}`, { count: one.count })}</li>
                    ))}
                  </ul>
                )}
                {data.fits === 0 && <p>{t('findings.nothingFits')}</p>}
              </div>
            )}
          </Answer>
          {dated && (
            <TextInput
              type="date"
              label={t('findings.until')}
              description={t('findings.untilHint')}
              value={until}
              min={inDays(0)}
              onChange={event => setUntil(event.currentTarget.value)}
              error={wrongDate ? t('findings.untilWrong') : null}
            />
          )}
          {exception && (
            <Owner
              choice={choice}
              own={actor?.personId ?? null}
              value={owner}
              onChange={setOwner}
              error={unowned && nobody ? t('findings.exceptionOwnerNeeded') : null}
            />
          )}
          <Textarea
            name="reason"
            data-autofocus
            label={t('findings.columns.reason')}
            description={t('findings.reasonHint')}
            rows={3}
            maxLength={500}
            error={
              short
                ? t('findings.reasonShort')
                : code === null
                  ? null
                  : code === 'plan-stale'
                    ? t('findings.stale')
                    : t(`problem.${code}`)
            }
          />
          <Group gap={8}>
            <Button type="submit" color="petrol" loading={settle.isPending} disabled={preview.data?.fits === 0}>
              {t(`findings.action.${action}`)}
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

/** Who is to answer for an exception: the reader, or somebody who may settle all that is chosen. */
function Owner(props: {
  choice: Choice
  own: string | null
  value: string
  onChange: (id: string) => void
  error: string | null
}) {
  const { t } = useTexts()
  const settlers = useCall(listSettlers, { body: { choice: props.choice, own: true } })
  const others = (settlers.data?.people ?? []).filter(
    one => one.fits === settlers.data?.of && one.person.id !== props.own,
  )
  return (
    <NativeSelect
      label={t('findings.exceptionOwner')}
      description={t('findings.exceptionOwnerHint')}
      error={props.error}
      value={props.value}
      onChange={event => props.onChange(event.currentTarget.value)}
      data={[
        props.own ? { value: props.own, label: t('findings.me') } : { value: '', label: t('findings.assign.choose') },
        ...others.map(one => ({
          value: one.person.id,
          label: `${one.person.name ?? t('people.protectedPerson')} (${t(`findings.owner.${one.owner}`)})`,
        })),
      ]}
    />
  )
}

/** A civil date some days from now, as the browser's own calendar has it. */
function inDays(days: number): string {
  const date = new Date()
  date.setDate(date.getDate() + days)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
