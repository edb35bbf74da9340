import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { dropDeskDraft, type getRuleForm, keepDeskDraft } from '#contract/rule-desk.ts'
import type { DeskChange } from '#contract/rule-forms.ts'
import { problemOf } from '../../../lib/call.ts'
import { useCommand } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { announce } from '../../../ui/announcer.tsx'
import { Card } from '../../../ui/card.tsx'
import { useProblemText } from '../../../ui/problem-text.ts'
import classes from './editor.module.css'
import { PendingBanner } from './pending-banner.tsx'
import { PreviewPanel } from './preview-panel.tsx'
import type { FormProblem } from './rule-problems.ts'

type Written = Extract<DeskChange, { form: object }>

/** Around the form of a rule or role: what somebody has begun, what it would do, and keeping it unfinished. */
export function DeskEditor<C extends Written>(props: {
  change: C
  start: Pick<ResponseOf<typeof getRuleForm>, 'version' | 'pending'> & { form: { key: string } }
  /** What is kept of it in this tab. */
  own: { version: number | null; kept: boolean; drop: () => void; saved: () => void }
  problems: () => FormProblem[]
  draft: boolean
  /** The unfinished change takes the place of the form. */
  onUse: (form: C['form']) => void
  children: ReactNode
}) {
  const { t } = useTexts()
  const problemText = useProblemText()
  const navigate = useNavigate()
  const { change, start, own } = props
  const { version } = own
  const { kind, form } = change
  const begun = start.pending
  const pending = begun?.change.kind === kind ? { ...begun, form: begun.change.form as C['form'] } : null
  const keep = useCommand(keepDeskDraft, () => {
    own.saved()
    announce(t('ruleDesk.kept'))
  })
  const drop = useCommand(dropDeskDraft, () => announce(t('ruleDesk.dropped')))
  const failed = keep.error ?? drop.error
  const { key } = form
  return (
    <div className="stack">
      {pending && (
        <PendingBanner
          pending={pending}
          busy={drop.isPending}
          onUse={() => props.onUse(pending.form)}
          onDrop={() => drop.mutate({ params: { kind, key: start.form.key } })}
        />
      )}
      {own.kept && (
        <Card tone="wait">
          <div className={classes.actions}>
            <span>{t('ruleDesk.ownKept')}</span>
            <Button size="xs" variant="default" onClick={own.drop}>
              {t('ruleDesk.drop')}
            </Button>
          </div>
        </Card>
      )}
      {props.children}
      <PreviewPanel
        change={change}
        version={version}
        problems={props.problems}
        draft={props.draft}
        onSaved={applied => {
          own.saved()
          void navigate(
            !applied
              ? { to: '/rules/changes' }
              : kind === 'rule'
                ? { to: '/rules/$key', params: { key } }
                : { to: '/roles/$key', params: { key } },
          )
        }}
      />
      <div className={classes.actions}>
        <Button
          variant="subtle"
          loading={keep.isPending}
          disabled={!key.trim() || !form.name.trim()}
          onClick={() => keep.mutate({ body: { change, version } })}
        >
          {t('ruleDesk.keep')}
        </Button>
        {failed && <p role="alert">{problemText(problemOf(failed))}</p>}
      </div>
    </div>
  )
}
