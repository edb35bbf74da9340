import { Button, Group } from '@mantine/core'
import { useRef, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { importRecords, previewRecordImport } from '#contract/records.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { useProblemText } from '../../ui/problem-text.ts'

type Outcome = ResponseOf<typeof previewRecordImport>

/** A list of agreements and controls: first what it would do, with every row that cannot be read; then it is taken in. */
export function RecordImport() {
  const { t } = useTexts()
  const problemText = useProblemText()
  const picked = useRef<HTMLInputElement>(null)
  const [needed, setNeeded] = useState(false)
  const [looked, setLooked] = useState<{ file: File; outcome: Outcome } | null>(null)
  const look = useCommand(previewRecordImport)
  const said = (one: Outcome) => ({ taken: one.taken, known: one.known, bad: one.badInAll })
  const take = useCommand(importRecords, outcome => {
    announce(t('records.taken', said(outcome)))
    setLooked(null)
    if (picked.current) picked.current.value = ''
  })
  const error = look.error ?? take.error
  const problem = error ? problemOf(error) : null
  const start = () => {
    const file = picked.current?.files?.[0]
    setNeeded(!file)
    take.reset()
    setLooked(null)
    if (file) look.mutate({ query: { name: file.name }, file }, { onSuccess: outcome => setLooked({ file, outcome }) })
  }
  const shown = looked?.outcome ?? take.data
  return (
    <Card title={t('records.import')}>
      <p className="meta">{t('records.importHelp')}</p>
      <ErrorSummary
        errors={
          needed
            ? [{ field: 'records-file', text: t('records.needFile') }]
            : problem
              ? [{ text: problemText(problem) }]
              : []
        }
      />
      <label htmlFor="records-file">{t('records.file')}</label>
      <Group gap={8} mt={4}>
        <input
          ref={picked}
          id="records-file"
          type="file"
          accept=".xlsx,.csv,.txt"
          style={{ maxWidth: '100%' }}
          onChange={() => setLooked(null)}
        />
        <Button variant="default" loading={look.isPending} onClick={start}>
          {t('records.look')}
        </Button>
        {looked && looked.outcome.taken > 0 && (
          <Button
            loading={take.isPending}
            onClick={() => take.mutate({ query: { name: looked.file.name }, file: looked.file })}
          >
            {t('records.take', { count: looked.outcome.taken })}
          </Button>
        )}
      </Group>
      {shown && <p role="status">{t(looked ? 'records.preview' : 'records.taken', said(shown))}</p>}
      {shown && shown.bad.length > 0 && (
        <DataTable
          caption={t('records.badCaption')}
          rows={shown.bad}
          rowKey={row => `${row.line}`}
          empty={null}
          columns={[
            { key: 'line', label: t('records.line'), number: true, cell: row => row.line },
            {
              key: 'what',
              label: t('records.what'),
              cell: row => t(`records.wrong.${row.what}`, { text: row.text }),
            },
          ]}
        />
      )}
    </Card>
  )
}
