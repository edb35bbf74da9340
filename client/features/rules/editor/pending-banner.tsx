import { Button } from '@mantine/core'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getRuleForm } from '#contract/rule-desk.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import classes from './editor.module.css'

type Pending = NonNullable<ResponseOf<typeof getRuleForm>['pending']>

/** Somebody has begun on the same thing: go on with it, or throw it away. */
export function PendingBanner(props: { pending: Pending; busy: boolean; onUse: () => void; onDrop: () => void }) {
  const { t, instant } = useTexts()
  const { pending } = props
  return (
    <Card tone="wait">
      <div className={classes.actions}>
        <span>
          {t('ruleDesk.pending', { by: pending.by, at: instant(pending.at) })} {pending.note}
        </span>
        <Button size="xs" onClick={props.onUse}>
          {t('ruleDesk.usePending')}
        </Button>
        <Button size="xs" variant="default" loading={props.busy} onClick={props.onDrop}>
          {t('ruleDesk.drop')}
        </Button>
      </div>
    </Card>
  )
}
