import { useState } from 'react'
import {
  applySystems,
  type ImportPlan,
  type ImportSettings,
  type ImportUpload,
  planSystems,
  uploadSystems,
} from '#contract/transfer.ts'
import { SystemImportOutcome } from '../features/systems/import-outcome.tsx'
import { SystemImportPast } from '../features/systems/import-past.tsx'
import { type Decision, ImportPeople } from '../features/systems/import-people.tsx'
import { useSentSystems } from '../features/systems/sent-file.ts'
import { call } from '../lib/call.ts'
import { useTexts } from '../texts/i18n.ts'
import { type ChosenColumns, firstChosen, ImportColumns, useColumnMistakes } from '../ui/import-columns.tsx'
import { ImportPage } from '../ui/import-page.tsx'
import { useImportSteps } from '../ui/import-steps.ts'

const NOBODY: ReadonlyMap<string, Decision> = new Map()

/** The catalogue from a file: beside columns it may name people, and somebody has to say who is meant. */
export function SystemImportPage() {
  const { t } = useTexts()
  const fileOf = useSentSystems()
  const mistakes = useColumnMistakes()
  const [chosen, setChosen] = useState<ChosenColumns>(firstChosen({ own: false, remembered: null }, []))
  const [decided, setDecided] = useState(NOBODY)
  /** People stay on the screen while they are chosen: what they are chosen as makes the plan old, not them. */
  const [people, setPeople] = useState<ImportPlan['people']>([])
  const settings = () => ({
    columns: (chosen.columns[0] ?? []) as ImportSettings['columns'],
    ...{ empty: chosen.empty, onlyWhole: chosen.onlyWhole },
    people: [...decided].map(([said, { as }]) => ({ said, as })),
  })
  const steps = useImportSteps({
    send: (file: File) => call(uploadSystems, { query: { name: file.name }, file }),
    look: async ({ importId }: ImportUpload) => {
      const answer = await call(planSystems, { params: { importId }, body: settings() })
      setPeople(answer.people)
      return answer
    },
    apply: ({ importId }, { hash }: ImportPlan) => {
      const body = { ...settings(), hash, saveAs: chosen.saveAs.trim() || null }
      return call(applySystems, { params: { importId }, body })
    },
    mistakes: upload => mistakes(fileOf(upload), chosen),
    said: answer => t('transfer.done', answer),
    onFile: upload => {
      if (upload) setChosen(firstChosen(upload, [upload.columns]))
      setDecided(NOBODY)
      setPeople([])
    },
  })
  return (
    <ImportPage
      steps={steps}
      title={t('transfer.title')}
      lead={t('transfer.lead')}
      list={{ label: t('systems.title'), to: '/systems' }}
      note={t('transfer.authority')}
      hint={t('transfer.fileHint')}
      columnsTitle={t('transfer.columns')}
      columns={upload => (
        <ImportColumns
          file={fileOf(upload)}
          chosen={chosen}
          onChange={more => {
            setChosen({ ...chosen, ...more })
            steps.chosen()
          }}
          unknown={{
            ...{ help: t('transfer.unknownHelp'), caption: t('transfer.unknownCaption') },
            things: t('transfer.unknownCount'),
          }}
        />
      )}
      more={() =>
        people.length > 0 && (
          <ImportPeople
            people={people}
            decided={decided}
            onDecide={(said, decision) => {
              setDecided(new Map([...decided, [said, decision]]))
              steps.chosen()
            }}
          />
        )
      }
      outcome={plan => <SystemImportOutcome plan={plan} />}
      onlyWhole={chosen.onlyWhole}
      verb={count => t('transfer.apply', { count })}
    >
      <SystemImportPast />
    </ImportPage>
  )
}
