import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import {
  dropDeskDraft,
  type getRuleForm,
  keepDeskDraft,
  type RuleForm,
  type RuleVocabulary,
} from '#contract/rule-desk.ts'
import { problemOf } from '../../../lib/call.ts'
import { useCommand } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { announce } from '../../../ui/announcer.tsx'
import { CatchPanel } from './catch-panel.tsx'
import classes from './editor.module.css'
import { PendingBanner } from './pending-banner.tsx'
import { PreviewPanel } from './preview-panel.tsx'
import { type NamedPerson, RuleFormFields } from './rule-form.tsx'
import { ruleProblems } from './rule-problems.ts'

type Start = ResponseOf<typeof getRuleForm>

/** The form, whom it catches beside it, and what it would do below. */
export function RuleEditor(props: { start: Start; vocabulary: RuleVocabulary; about?: NamedPerson | null }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const { start, vocabulary } = props
  const [form, setForm] = useState<RuleForm>(start.form)
  const [round, setRound] = useState(0)
  const isNew = start.version === null
  const pending = start.pending?.change.kind === 'rule' ? start.pending : null
  const keep = useCommand(keepDeskDraft, () => announce(t('ruleDesk.kept')))
  const drop = useCommand(dropDeskDraft, () => announce(t('ruleDesk.dropped')))
  const change = { kind: 'rule' as const, form }
  const failed = keep.error ?? drop.error
  return (
    <div className="stack">
      {pending && (
        <PendingBanner
          pending={pending}
          busy={drop.isPending}
          onUse={() => {
            if (pending.change.kind === 'rule') setForm(pending.change.form)
            setRound(round + 1)
          }}
          onDrop={() => drop.mutate({ params: { kind: 'rule', key: start.form.key } })}
        />
      )}
      <div className={classes.editor}>
        <RuleFormFields
          key={round}
          value={form}
          onChange={setForm}
          vocabulary={vocabulary}
          grantable={start.grantable}
          people={start.people}
          isNew={isNew}
        />
        <div className={classes.beside}>
          <CatchPanel conditions={form.conditions} about={props.about ?? null} affiliations={vocabulary.affiliations} />
        </div>
      </div>
      <PreviewPanel
        change={change}
        version={start.version}
        problems={() => ruleProblems(form)}
        draft={form.state === 'draft'}
        onSaved={applied =>
          void navigate(applied ? { to: '/rules/$key', params: { key: form.key } } : { to: '/rules/changes' })
        }
      />
      <div className={classes.actions}>
        <Button
          variant="subtle"
          loading={keep.isPending}
          disabled={!form.key.trim() || !form.name.trim()}
          onClick={() => keep.mutate({ body: { change, version: start.version } })}
        >
          {t('ruleDesk.keep')}
        </Button>
        {failed && <p role="alert">{problemOf(failed).detail ?? t(`problem.${problemOf(failed).code}`)}</p>}
      </div>
    </div>
  )
}
