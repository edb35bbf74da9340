import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { approveBinding, type BindingRow, changeBinding, confirmBinding, endBinding } from '#contract/bindings.ts'
import { problemOf } from '../lib/call.ts'
import { lastDay } from '../lib/formats.ts'
import { useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'
import { BindingDialog } from './binding-dialog.tsx'
import { draftOf } from './binding-terms.ts'
import { ReasonDialog } from './reason-dialog.tsx'

/** What may be done with one purpose of a right: agree, still true, say it otherwise, end. */
export function BindingActs(props: { row: BindingRow }) {
  const { t } = useTexts()
  const { row } = props
  const [open, setOpen] = useState<'change' | 'end' | null>(null)
  const params = { bindingId: row.id }
  const done = (text: string) => () => {
    announce(text)
    setOpen(null)
  }
  const approve = useCommand(approveBinding, done(t('bindings.approvedNow')))
  const confirm = useCommand(confirmBinding, done(t('bindings.confirmedNow')))
  const change = useCommand(changeBinding, answer =>
    done(t(answer.counts ? 'bindings.madeCounts' : 'bindings.madeWaits'))(),
  )
  const end = useCommand(endBinding, done(t('bindings.ended')))
  const failed = approve.error ?? confirm.error
  // An empty place is left out of a card; a place with nothing in it is not.
  if (!row.allowed.approve && !row.allowed.change && !(row.allowed.confirm && row.reviewDue)) return null
  const label = (verb: string) => `${verb}: ${row.label}, ${row.activity.name}`
  return (
    <div className="no-print">
      <Group gap={8}>
        {row.allowed.approve && (
          <Button
            size="xs"
            loading={approve.isPending}
            onClick={() => approve.mutate({ params, body: {} })}
            aria-label={label(t('bindings.approve'))}
          >
            {t('bindings.approve')}
          </Button>
        )}
        {row.allowed.confirm && row.reviewDue && (
          <Button
            size="xs"
            loading={confirm.isPending}
            onClick={() => confirm.mutate({ params, body: {} })}
            aria-label={label(t('bindings.stillTrue'))}
          >
            {t('bindings.stillTrue')}
          </Button>
        )}
        {row.allowed.change && (
          <>
            <Button
              size="xs"
              variant="default"
              onClick={() => setOpen('change')}
              aria-label={label(t('bindings.change'))}
            >
              {t('bindings.change')}
            </Button>
            <Button size="xs" variant="default" onClick={() => setOpen('end')} aria-label={label(t('bindings.end'))}>
              {t('bindings.end')}
            </Button>
          </>
        )}
      </Group>
      {failed && <p role="alert">{t(`problem.${problemOf(failed).code}`)}</p>}
      {open === 'change' && (
        <BindingDialog
          title={t('bindingForm.changeTitle')}
          what={[row.label, row.detail].filter(Boolean).join(', ')}
          verb={t('bindingForm.save')}
          start={draftOf(row, lastDay)}
          busy={change.isPending}
          problem={change.error ? t(`problem.${problemOf(change.error).code}`) : null}
          onSubmit={body => change.mutate({ params, body })}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'end' && (
        <ReasonDialog
          title={t('bindings.endQuestion')}
          verb={t('bindings.end')}
          busy={end.isPending}
          error={end.error ? t(`problem.${problemOf(end.error).code}`) : null}
          onConfirm={reason => end.mutate({ params, body: { reason } })}
          onClose={() => setOpen(null)}
        >
          <p>
            {row.label}: {row.purpose.name}
          </p>
          <p className="dim">{t('bindings.endHelp')}</p>
        </ReasonDialog>
      )}
    </div>
  )
}
