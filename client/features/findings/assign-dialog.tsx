import { Button, Group, Modal, NativeSelect, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { assignFindings, listSettlers } from '#contract/findings.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Answer } from '../../ui/states.tsx'
import type { Choice, Settled } from './settle-dialog.tsx'

const NOBODY = 'nobody'

/** Who is to settle what is chosen: people who may, those who may settle most of it first. */
export function AssignDialog(props: { choice: Choice; onClose: () => void; onDone: (settled: Settled) => void }) {
  const { t } = useTexts()
  const { choice } = props
  const [to, setTo] = useState('')
  const [asked, setAsked] = useState(false)
  const settlers = useCall(listSettlers, { body: { choice } })
  const assign = useCommand(assignFindings, ({ batchId, assigned, left }) =>
    props.onDone({
      batchId,
      text: [
        t('findings.assign.done', { count: assigned }),
        ...(left > 0 ? [t('findings.assign.left', { count: left })] : []),
      ].join(' · '),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (to !== '' && !assign.isPending) assign.mutate({ body: { choice, personId: to === NOBODY ? null : to } })
  }
  const code = assign.error ? problemOf(assign.error).code : null
  const error =
    asked && to === ''
      ? t('findings.assign.needed')
      : code === null
        ? null
        : code === 'conflict'
          ? t('findings.assign.conflict')
          : t(`problem.${code}`)
  return (
    <Modal opened onClose={props.onClose} title={t('findings.assign.title')} size="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <Answer query={settlers}>
            {({ of, people }) =>
              of === 0 ? (
                <p role="status">{t('findings.assign.nobodyMay')}</p>
              ) : (
                <>
                  <p>{t('findings.assign.lead', { count: of })}</p>
                  <NativeSelect
                    data-autofocus
                    label={t('findings.assign.to')}
                    description={t('findings.assign.toHint')}
                    error={error}
                    value={to}
                    onChange={event => setTo(event.currentTarget.value)}
                    data={[
                      { value: '', label: t('findings.assign.choose') },
                      ...people.map(one => ({
                        value: one.person.id,
                        label: t('findings.assign.fits', {
                          name: one.person.name ?? t('people.protectedPerson'),
                          owner: t(`findings.owner.${one.owner}`),
                          fits: one.fits,
                          of,
                        }),
                      })),
                      { value: NOBODY, label: t('findings.assign.nobody') },
                    ]}
                  />
                </>
              )
            }
          </Answer>
          <Group gap={8}>
            <Button type="submit" color="petrol" loading={assign.isPending} disabled={settlers.data?.of === 0}>
              {t('findings.assign.do')}
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
