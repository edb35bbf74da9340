import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import {
  applyRegister,
  planRegister,
  type RegisterPlan,
  type RegisterUpload,
  uploadRegister,
} from '#contract/register-transfer.ts'
import { type Chosen, columnId, ImportFields } from '../features/register/import-fields.tsx'
import { RegisterImportHistory } from '../features/register/import-history.tsx'
import { RegisterImportPlan } from '../features/register/import-plan.tsx'
import { problemOf } from '../lib/call.ts'
import { useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { FileField } from '../ui/file-field.tsx'
import { Page } from '../ui/page.tsx'
import { SaidText } from '../ui/said-text.tsx'

type Mistake = { field?: string; text: string }
const NOTHING: Chosen = { columns: [], empty: 'keep', onlyWhole: false, area: '', saveAs: '' }

/** The register from a file: in, what the columns say, what it does, and only then the button that does it. */
export function ActivityImportPage() {
  const { t, language } = useTexts()
  const picked = useRef<HTMLInputElement>(null)
  const [upload, setUpload] = useState<RegisterUpload | null>(null)
  const [chosen, setChosen] = useState(NOTHING)
  const [plan, setPlan] = useState<RegisterPlan | null>(null)
  const [wrong, setWrong] = useState<Mistake[]>([])
  const [receipt, setReceipt] = useState<string | null>(null)

  const send = useCommand(uploadRegister, answer => {
    setUpload(answer)
    setChosen({
      columns: answer.tables.map(one => one.columns),
      empty: answer.own ? 'clear' : 'keep',
      ...{ onlyWhole: false, area: answer.area, saveAs: answer.remembered ?? '' },
    })
    setPlan(null)
    setReceipt(null)
  })
  const look = useCommand(planRegister, setPlan)
  const apply = useCommand(applyRegister, answer => {
    const text = t('registerTransfer.done', answer)
    setReceipt(text)
    announce(text)
    setUpload(null)
    setPlan(null)
    if (picked.current) picked.current.value = ''
  })
  const settings = () => {
    const { saveAs: _, ...rest } = chosen
    return { ...rest, area: rest.area.trim() }
  }
  const input = (importId: string) => ({ params: { importId }, body: settings() })
  const read = () => {
    const file = picked.current?.files?.[0]
    setWrong(file ? [] : [{ field: 'import-file', text: t('registerTransfer.need') }])
    look.reset()
    apply.reset()
    if (file) send.mutate({ query: { name: file.name }, file })
  }
  const mistakes = (): Mistake[] => {
    for (const [table, columns] of chosen.columns.entries()) {
      const twice = columns.findIndex((one, at) => one !== null && columns.indexOf(one) !== at)
      const target = upload?.tables[table]?.targets.find(one => one.name === columns[twice])
      if (target) {
        const text = t('registerTransfer.twice', { field: target[language] })
        return [{ field: columnId(table, twice), text }]
      }
      const names = upload?.tables[table]?.part === 'activities' ? ['ref', 'name'] : ['activity', 'title']
      if (!names.some(one => columns.includes(one)))
        return [{ field: columnId(table, 0), text: t('registerTransfer.needName') }]
    }
    return []
  }
  const tryIt = () => {
    const found = mistakes()
    setWrong(found)
    apply.reset()
    if (upload && found.length === 0) look.mutate(input(upload.importId))
  }
  const doIt = () => {
    if (!upload || !plan) return
    const body = { ...settings(), hash: plan.hash, saveAs: chosen.saveAs.trim() || null }
    apply.mutate(
      { params: { importId: upload.importId }, body },
      // What happens now is shown at once, so that it can be looked at and done.
      { onError: error => problemOf(error).code === 'plan-stale' && look.mutate(input(upload.importId)) },
    )
  }
  const failed = send.error ?? look.error ?? apply.error
  const problem = failed ? problemOf(failed) : null
  const textOf = () =>
    problem?.code === 'plan-stale'
      ? t('registerTransfer.stale')
      : (problem?.detail ?? t(`problem.${problem?.code ?? 'unexpected'}`))
  const todo = plan ? plan.counts.new + plan.counts.changed : 0
  const blocked = plan !== null && chosen.onlyWhole && plan.counts.bad > 0
  return (
    <Page
      title={t('registerTransfer.title')}
      section={t('activities.title')}
      lead={t('registerTransfer.lead')}
      crumbs={[{ label: t('activities.title'), to: '/activities' }]}
    >
      {receipt && <p role="status">{receipt}</p>}
      <Card title={t('registerTransfer.send')} id="send">
        <div className="stack">
          <ErrorSummary
            key={`${wrong.length} ${send.failureCount} ${look.failureCount} ${apply.failureCount}`}
            errors={[...wrong, ...(problem && !problem.said ? [{ text: textOf() }] : [])]}
          />
          {problem?.said && (
            <p role="alert">
              <SaidText said={problem.said} detail={problem.detail} />
            </p>
          )}
          <FileField
            id="import-file"
            label={t('registerTransfer.label')}
            hint={t('registerTransfer.hint')}
            accept=".csv,.txt,.xlsx,.json"
            picked={picked}
          />
          <div>
            <Button variant={upload ? 'default' : 'filled'} loading={send.isPending} onClick={read}>
              {t('registerTransfer.read')}
            </Button>
          </div>
        </div>
      </Card>
      {upload && (
        <Card title={t('registerTransfer.columns')} id="columns">
          <div className="stack">
            <ImportFields
              upload={upload}
              chosen={chosen}
              onChange={next => {
                setChosen(next)
                setPlan(null)
              }}
            />
            <div>
              <Button variant={plan ? 'default' : 'filled'} loading={look.isPending} onClick={tryIt}>
                {t('registerTransfer.try')}
              </Button>
            </div>
          </div>
        </Card>
      )}
      {upload && plan && (
        <>
          <RegisterImportPlan plan={plan} isPackage={upload.kind === 'package'} />
          {blocked && <p role="alert">{t('registerTransfer.whole', { count: plan.counts.bad })}</p>}
          {todo > 0 && !blocked && (
            <div>
              <Button loading={apply.isPending} onClick={doIt}>
                {t('registerTransfer.apply', { count: todo })}
              </Button>
            </div>
          )}
        </>
      )}
      <RegisterImportHistory />
    </Page>
  )
}
