import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getRuleForm, RuleVocabulary } from '#contract/rule-desk.ts'
import { CatchPanel } from './catch-panel.tsx'
import { DeskEditor } from './desk-editor.tsx'
import classes from './editor.module.css'
import { type NamedPerson, RuleFormFields } from './rule-form.tsx'
import { ruleProblems } from './rule-problems.ts'
import { useKeptForm } from './use-kept-form.ts'

type Start = ResponseOf<typeof getRuleForm>

/** The form, whom it catches beside it, and what it would do below. */
export function RuleEditor(props: { start: Start; vocabulary: RuleVocabulary; about?: NamedPerson | null }) {
  const { start, vocabulary } = props
  const own = useKeptForm('rule', start)
  const { form, setForm } = own
  const [round, setRound] = useState(0)
  return (
    <DeskEditor
      change={{ kind: 'rule', form }}
      start={start}
      own={{
        ...own,
        drop: () => {
          own.drop()
          setRound(round + 1)
        },
      }}
      problems={() => ruleProblems(form)}
      draft={form.state === 'draft'}
      onUse={begun => {
        setForm(begun)
        setRound(round + 1)
      }}
    >
      <div className={classes.editor}>
        <RuleFormFields
          key={round}
          value={form}
          onChange={setForm}
          vocabulary={vocabulary}
          grantable={start.grantable}
          people={start.people}
          isNew={start.version === null}
        />
        <div className={classes.beside}>
          <CatchPanel conditions={form.conditions} about={props.about ?? null} affiliations={vocabulary.affiliations} />
        </div>
      </div>
    </DeskEditor>
  )
}
