import { TextInput } from '@mantine/core'
import { useState } from 'react'
import {
  applyRegister,
  planRegister,
  type RegisterPlan,
  type RegisterUpload,
  uploadRegister,
} from '#contract/register-transfer.ts'
import { RegisterImportPast } from '../features/register/import-past.tsx'
import { RegisterImportPlan } from '../features/register/import-plan.tsx'
import { useSentRecords } from '../features/register/sent-file.ts'
import { call } from '../lib/call.ts'
import { useTexts } from '../texts/i18n.ts'
import { firstChosen, ImportColumns, useColumnMistakes } from '../ui/import-columns.tsx'
import { ImportPage } from '../ui/import-page.tsx'
import { useImportSteps } from '../ui/import-steps.ts'

const NOTHING = { ...firstChosen({ own: false, remembered: null }, []), area: '' }

/** The register from a file: beside columns the area of new records may have to be said. */
export function ActivityImportPage() {
  const { t } = useTexts()
  const fileOf = useSentRecords()
  const mistakes = useColumnMistakes()
  const [chosen, setChosen] = useState(NOTHING)
  const settings = () => {
    const { saveAs: _, ...rest } = chosen
    return { ...rest, area: rest.area.trim() }
  }
  const steps = useImportSteps({
    send: (file: File) => call(uploadRegister, { query: { name: file.name }, file }),
    look: ({ importId }: RegisterUpload) => call(planRegister, { params: { importId }, body: settings() }),
    apply: ({ importId }, { hash }: RegisterPlan) => {
      const body = { ...settings(), hash, saveAs: chosen.saveAs.trim() || null }
      return call(applyRegister, { params: { importId }, body })
    },
    mistakes: upload => mistakes(fileOf(upload), chosen),
    said: answer => t('registerTransfer.done', answer),
    onFile: upload => {
      const columns = upload?.tables.map(one => one.columns) ?? []
      if (upload) setChosen({ ...firstChosen(upload, columns), area: upload.area })
    },
  })
  const change = (more: Partial<typeof chosen>) => {
    setChosen({ ...chosen, ...more })
    steps.chosen()
  }
  return (
    <ImportPage
      steps={steps}
      title={t('registerTransfer.title')}
      lead={t('registerTransfer.lead')}
      list={{ label: t('activities.title'), to: '/activities' }}
      hint={t('registerTransfer.hint')}
      columnsTitle={t('registerTransfer.columns')}
      columns={upload => (
        <ImportColumns
          file={fileOf(upload)}
          chosen={chosen}
          onChange={change}
          unknown={{
            ...{ help: t('registerTransfer.unknownHelp'), caption: t('registerTransfer.unknownCaption') },
            things: t('registerTransfer.unknownCount'),
          }}
        >
          <TextInput
            id="import-area"
            label={t('registerTransfer.area')}
            description={t('registerTransfer.areaHint')}
            value={chosen.area}
            maxLength={100}
            autoComplete="off"
            onChange={event => change({ area: event.currentTarget.value })}
          />
        </ImportColumns>
      )}
      outcome={(plan, upload) => <RegisterImportPlan plan={plan} isPackage={upload.kind === 'package'} />}
      onlyWhole={chosen.onlyWhole}
      verb={count => t('registerTransfer.apply', { count })}
    >
      <RegisterImportPast />
    </ImportPage>
  )
}
