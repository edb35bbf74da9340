import { Button, Group } from '@mantine/core'
import { useRef, useState } from 'react'
import { applySystems, type ImportPlan, type ImportUpload, planSystems, uploadSystems } from '#contract/transfer.ts'
import { type Chosen, ImportColumns } from '../features/systems/import-columns.tsx'
import { ImportHistory } from '../features/systems/import-history.tsx'
import { ImportOutcome } from '../features/systems/import-outcome.tsx'
import { type Decision, ImportPeople } from '../features/systems/import-people.tsx'
import { SavedColumns } from '../features/systems/saved-columns.tsx'
import { fieldKey } from '../features/systems/sheet-value.tsx'
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
const NOBODY: ReadonlyMap<string, Decision> = new Map()

/** The catalogue from a file: in, what the columns say, who is meant, what it does, and only then the button that does it. */
export function SystemImportPage() {
  const { t } = useTexts()
  const picked = useRef<HTMLInputElement>(null)
  const [upload, setUpload] = useState<ImportUpload | null>(null)
  const [chosen, setChosen] = useState<Chosen>({ columns: [], empty: 'keep', onlyWhole: false, saveAs: '' })
  const [decided, setDecided] = useState(NOBODY)
  const [plan, setPlan] = useState<ImportPlan | null>(null)
  /** People stay on the screen while they are chosen: what they are chosen as makes the plan old, not them. */
  const [people, setPeople] = useState<ImportPlan['people']>([])
  const [wrong, setWrong] = useState<Mistake[]>([])
  const [receipt, setReceipt] = useState<string | null>(null)

  const send = useCommand(uploadSystems, answer => {
    setUpload(answer)
    setChosen({
      columns: answer.columns,
      empty: answer.own ? 'clear' : 'keep',
      onlyWhole: false,
      saveAs: answer.remembered ?? '',
    })
    setDecided(NOBODY)
    setPlan(null)
    setPeople([])
    setReceipt(null)
  })
  const look = useCommand(planSystems, answer => {
    setPlan(answer)
    setPeople(answer.people)
  })
  const apply = useCommand(applySystems, answer => {
    const text = t('transfer.done', answer)
    setReceipt(text)
    announce(text)
    setUpload(null)
    setPlan(null)
    setPeople([])
    if (picked.current) picked.current.value = ''
  })

  const read = () => {
    const file = picked.current?.files?.[0]
    setWrong(file ? [] : [{ field: 'import-file', text: t('transfer.needFile') }])
    look.reset()
    apply.reset()
    if (file) send.mutate({ query: { name: file.name }, file })
  }
  const settings = () => ({
    columns: chosen.columns,
    empty: chosen.empty,
    onlyWhole: chosen.onlyWhole,
    people: [...decided].map(([said, { as }]) => ({ said, as })),
  })
  const input = (importId: string) => ({ params: { importId }, body: settings() })
  const mistakes = (): Mistake[] => {
    if (upload?.kind !== 'table' || upload.headings.length === 0) return []
    const twice = chosen.columns.findIndex((one, at) => one !== null && chosen.columns.indexOf(one) !== at)
    const target = chosen.columns[twice]
    if (target) {
      const field = target === 'key' ? t('transfer.key') : t(fieldKey(target))
      return [{ field: `column-${twice}`, text: t('transfer.twice', { field }) }]
    }
    const named = chosen.columns.includes('key') || chosen.columns.includes('name')
    return named ? [] : [{ field: 'column-0', text: t('transfer.needName') }]
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
      ? t('transfer.stale')
      : (problem?.detail ?? t(`problem.${problem?.code ?? 'unexpected'}`))
  const todo = plan ? plan.counts.new + plan.counts.changed : 0
  const blocked = plan !== null && chosen.onlyWhole && plan.counts.bad > 0
  return (
    <Page
      title={t('transfer.title')}
      section={t('systems.title')}
      lead={t('transfer.lead')}
      crumbs={[{ label: t('systems.title'), to: '/systems' }]}
    >
      <p className="dim">{t('transfer.authority')}</p>
      {receipt && <p role="status">{receipt}</p>}
      <Card title={t('transfer.send')} id="send">
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
            label={t('transfer.file')}
            hint={t('transfer.fileHint')}
            accept=".csv,.txt,.xlsx,.json"
            picked={picked}
          />
          <div>
            <Button variant={upload ? 'default' : 'filled'} loading={send.isPending} onClick={read}>
              {t('transfer.read')}
            </Button>
          </div>
        </div>
      </Card>
      {upload && (
        <Card title={t('transfer.columns')} id="columns">
          <div className="stack">
            <ImportColumns
              upload={upload}
              chosen={chosen}
              onChange={next => {
                setChosen(next)
                setPlan(null)
              }}
            />
            <div>
              <Button variant={plan ? 'default' : 'filled'} loading={look.isPending} onClick={tryIt}>
                {t('transfer.try')}
              </Button>
            </div>
          </div>
        </Card>
      )}
      {upload && people.length > 0 && (
        <>
          <ImportPeople
            people={people}
            decided={decided}
            onDecide={(said, decision) => {
              setDecided(new Map([...decided, [said, decision]]))
              setPlan(null)
            }}
          />
          {!plan && (
            <div>
              <Button loading={look.isPending} onClick={tryIt}>
                {t('transfer.try')}
              </Button>
            </div>
          )}
        </>
      )}
      {upload && plan && (
        <>
          <ImportOutcome plan={plan} />
          {blocked && <p role="alert">{t('transfer.whole', { count: plan.counts.bad })}</p>}
          {todo > 0 && !blocked && (
            <Group>
              <Button loading={apply.isPending} onClick={doIt}>
                {t('transfer.apply', { count: todo })}
              </Button>
            </Group>
          )}
        </>
      )}
      <ImportHistory />
      <SavedColumns />
    </Page>
  )
}
