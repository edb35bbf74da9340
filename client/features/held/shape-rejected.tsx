import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import type { RunDetail } from '#contract/feeds.ts'
import { acceptShape, type ShapeGuard } from '#contract/held.ts'
import { recordKind } from '#contract/lists.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { fieldText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import classes from './held.module.css'

/** A read that was not let in as a whole: what looked wrong, and for those who may: it is right all the same. */
export function ShapeRejected(props: { run: RunDetail }) {
  const { t, instant } = useTexts()
  const may = useMay()
  const partText = usePartText()
  const { run } = props
  const [asked, setAsked] = useState(false)
  const [until, setUntil] = useState<string | null>(null)
  return (
    <Card
      tone="bad"
      title={t('held.shapeTitle')}
      aside={<IconAlertTriangle size={20} aria-hidden style={{ color: 'var(--app-bad)' }} />}
    >
      <div className="stack">
        <p>{t('held.shapeHelp')}</p>
        <ul className={classes.decisions}>
          {run.heldBack.map(one => (
            <li key={`${one.guard}${one.part}`}>
              <b>{partText(one.part)}</b>{' '}
              {t(`held.shape.${one.guard as ShapeGuard}`, {
                count: one.count,
                limit: one.limit,
                defaultValue: one.guard,
              })}
            </li>
          ))}
        </ul>
        {until ? (
          <p role="status">{t('held.accepted', { when: instant(until) })}</p>
        ) : (
          may('run.approve') && (
            <div>
              <Button variant="default" onClick={() => setAsked(true)}>
                {t('held.acceptShape')}
              </Button>
            </div>
          )
        )}
      </div>
      {asked && (
        <Accept
          runId={run.id}
          onClose={() => setAsked(false)}
          onDone={to => {
            setAsked(false)
            setUntil(to)
            announce(t('held.acceptShapeDone'))
          }}
        />
      )}
    </Card>
  )
}

function Accept(props: { runId: string; onClose: () => void; onDone: (until: string) => void }) {
  const { t } = useTexts()
  const accept = useCommand(acceptShape, answer => props.onDone(answer.until))
  return (
    <ReasonDialog
      title={t('held.acceptShape')}
      busy={accept.isPending}
      error={accept.error ? t(`problem.${problemOf(accept.error).code}`) : null}
      onConfirm={reason => accept.mutate({ params: { runId: props.runId }, body: { reason } })}
      onClose={props.onClose}
    >
      <p>{t('held.acceptShapeConfirm')}</p>
    </ReasonDialog>
  )
}

/** `person.email` as "Personer, E-mail:"; what is no kind of record stands as it is. */
function usePartText(): (part: string) => string {
  const { t } = useTexts()
  return part => {
    const [kind = '', ...rest] = part.split('.')
    if (kind === 'run') return ''
    const known = recordKind.options.find(one => one === kind)
    const name = known ? t(`sync.record.${known}`) : kind
    return `${[name, ...(rest.length > 0 ? [fieldText(t, rest.join('.'))] : [])].join(', ')}:`
  }
}
