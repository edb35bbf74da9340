import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { RuleVocabulary } from '#contract/rule-desk.ts'
import type { RoleForm, RuleForm } from '#contract/rule-forms.ts'
import { type getDraftForm, putDraftForm } from '#contract/what-if-form.ts'
import { problemOf } from '../../../lib/call.ts'
import { useCommand } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { ErrorSummary } from '../../../ui/error-summary.tsx'
import { useProblemText } from '../../../ui/problem-text.ts'
import { CatchPanel } from './catch-panel.tsx'
import classes from './editor.module.css'
import { RoleFormFields } from './role-editor.tsx'
import { RuleFormFields } from './rule-form.tsx'
import { refusalTexts, roleProblems, ruleProblems } from './rule-problems.ts'

/** A rule or role in a draft of many changes: the same form as at the desk, and saved into the draft alone. */
export function FormInDraft(props: {
  draftId: string
  start: ResponseOf<typeof getDraftForm>
  vocabulary: RuleVocabulary
  onSaved: () => void
}) {
  const { t, all } = useTexts()
  const problemText = useProblemText()
  const { start, vocabulary, draftId } = props
  const { grantable, made, isNew } = start
  const [change, setChange] = useState(start.change)
  const [errors, setErrors] = useState<{ field?: string; text: string }[]>([])
  const save = useCommand(putDraftForm, props.onSaved)
  const submit = () => {
    const found = change.kind === 'rule' ? ruleProblems(change.form) : roleProblems(change.form)
    setErrors(found.map(({ code, field }) => ({ text: t(`ruleDesk.problem.${code}`), ...(field ? { field } : {}) })))
    if (found.length > 0) return
    save.mutate(
      { params: { draftId }, body: { version: start.draft.version, isNew, change } },
      { onError: error => setErrors(refusalTexts(problemOf(error), all.ruleDesk.problem, t, problemText)) },
    )
  }
  const shared = { grantable, made, isNew }
  return (
    <div className="stack">
      <ErrorSummary errors={errors} />
      {change.kind === 'rule' ? (
        <div className={classes.editor}>
          <RuleFormFields
            {...shared}
            value={change.form}
            onChange={(form: RuleForm) => setChange({ kind: 'rule', form })}
            vocabulary={vocabulary}
            people={start.people}
          />
          <div className={classes.beside}>
            <CatchPanel conditions={change.form.conditions} affiliations={vocabulary.affiliations} />
          </div>
        </div>
      ) : (
        <RoleFormFields
          {...shared}
          value={change.form}
          onChange={(form: RoleForm) => setChange({ kind: 'role', form })}
        />
      )}
      <div className={classes.actions}>
        <Button loading={save.isPending} onClick={submit}>
          {t('drafts.byForm.save')}
        </Button>
      </div>
    </div>
  )
}
