import { Button } from '@mantine/core'
import { useState } from 'react'
import { restoreSource, retireSource, type SourceDetail } from '#contract/sources.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'

/** Out of use, with a reason on record, or in use again. What the source has said stays. */
export function RetireOrRestore(props: { source: SourceDetail }) {
  const { t } = useTexts()
  const { source } = props
  const [asked, setAsked] = useState(false)
  const retire = useCommand(retireSource, () => {
    setAsked(false)
    announce(t('sources.retiredDone'))
  })
  const restore = useCommand(restoreSource, () => announce(t('sources.restored')))
  const at = { params: { sourceKey: source.key } }
  if (source.blocked.restore === null)
    return (
      <Button
        variant="default"
        loading={restore.isPending}
        onClick={() => restore.mutate({ ...at, body: { version: source.version } })}
      >
        {t('sources.restore')}
      </Button>
    )
  if (source.blocked.retire !== null) return null
  return (
    <>
      <Button variant="outline" color="red" onClick={() => setAsked(true)}>
        {t('sources.retire')}
      </Button>
      {asked && (
        <ReasonDialog
          danger
          title={t('sources.retire')}
          busy={retire.isPending}
          error={retire.error ? t(`problem.${problemOf(retire.error).code}`) : null}
          onConfirm={reason => retire.mutate({ ...at, body: { version: source.version, reason } })}
          onClose={() => setAsked(false)}
        >
          <p>{t('sources.retireConfirm')}</p>
        </ReasonDialog>
      )}
    </>
  )
}
