import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/i18n.ts'
import { Card } from './card.tsx'
import { ErrorSummary } from './error-summary.tsx'
import { FileField } from './file-field.tsx'
import { FILE_FIELD, type ImportSteps, type Looked } from './import-steps.ts'
import { Page } from './page.tsx'
import { useProblemText } from './problem-text.ts'

/** A file: in, what it says, what it does, and only then the button that does it; below, what was let in before. */
export function ImportPage<U, P extends Looked>(props: {
  steps: ImportSteps<U, P>
  title: string
  lead: string
  /** The list that it is about. */
  list: { label: string; to: string }
  note?: string
  hint: string
  /** Above what the columns say. */
  columnsTitle: string
  columns: (upload: U) => ReactNode
  /** What else has to be said before it can be looked at; null: nothing. */
  more?: (upload: U) => ReactNode
  outcome: (plan: P, upload: U) => ReactNode
  onlyWhole: boolean
  verb: (count: number) => string
  children: ReactNode
}) {
  const { t } = useTexts()
  const { steps } = props
  const { upload, plan } = steps
  const more = upload && props.more?.(upload)
  const todo = plan ? plan.counts.new + plan.counts.changed : 0
  const blocked = plan !== null && props.onlyWhole && plan.counts.bad > 0
  return (
    <Page title={props.title} section={props.list.label} lead={props.lead} crumbs={[props.list]}>
      {props.note && <p className="dim">{props.note}</p>}
      {steps.receipt && <p role="status">{steps.receipt}</p>}
      <Card title={t('fileImport.send')} id="send">
        <div className="stack">
          <Wrong steps={steps} />
          <FileField
            id={FILE_FIELD}
            label={t('fileImport.file')}
            hint={props.hint}
            accept=".csv,.txt,.xlsx,.json"
            picked={steps.picked}
          />
          <div>
            <Button variant={upload ? 'default' : 'filled'} loading={steps.busy.read} onClick={steps.read}>
              {t('fileImport.read')}
            </Button>
          </div>
        </div>
      </Card>
      {upload && (
        <Card title={props.columnsTitle} id="columns">
          <div className="stack">
            {props.columns(upload)}
            <Try steps={steps} variant={plan ? 'default' : 'filled'} />
          </div>
        </Card>
      )}
      {more}
      {more && !plan && <Try steps={steps} variant="filled" />}
      {upload && plan && (
        <>
          {props.outcome(plan, upload)}
          {blocked && <p role="alert">{t('fileImport.whole', { count: plan.counts.bad })}</p>}
          {todo > 0 && !blocked && (
            <div>
              <Button loading={steps.busy.apply} onClick={steps.doIt}>
                {props.verb(todo)}
              </Button>
            </div>
          )}
        </>
      )}
      {props.children}
    </Page>
  )
}

type AnySteps = Pick<ImportSteps<unknown, Looked>, 'wrong' | 'failures' | 'problem' | 'busy' | 'tryIt'>

function Try(props: { steps: AnySteps; variant: 'default' | 'filled' }) {
  const { t } = useTexts()
  return (
    <div>
      <Button variant={props.variant} loading={props.steps.busy.look} onClick={props.steps.tryIt}>
        {t('fileImport.try')}
      </Button>
    </div>
  )
}

/** What is wrong with what was chosen, and with the file. */
function Wrong({ steps }: { steps: AnySteps }) {
  const { t } = useTexts()
  const problemText = useProblemText()
  const { problem, wrong } = steps
  const stale = problem?.code === 'plan-stale'
  const refused = problem ? [{ text: stale ? t('fileImport.stale') : problemText(problem) }] : []
  return <ErrorSummary key={`${wrong.length} ${steps.failures}`} errors={[...wrong, ...refused]} />
}
