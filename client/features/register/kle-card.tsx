import { Button, Group } from '@mantine/core'
import { useRef, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getKle, uploadKle } from '#contract/kle.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { useProblemText } from '../../ui/problem-text.ts'
import classes from './register.module.css'

/** KLE of our own copy: whether it has been read in, and a file that reads it in (again). */
export function KleCard() {
  const { t, number, date } = useTexts()
  const problemText = useProblemText()
  const { data } = useCall(getKle)
  const picked = useRef<HTMLInputElement>(null)
  const [needed, setNeeded] = useState(false)
  const upload = useCommand(uploadKle, answer => {
    announce(t('kle.taken', { count: answer.taken, number: number(answer.taken) }))
    if (picked.current) picked.current.value = ''
  })
  if (!data) return null
  const problem = upload.error ? problemOf(upload.error) : null
  const send = () => {
    const file = picked.current?.files?.[0]
    setNeeded(!file)
    if (file) upload.mutate({ query: { name: file.name }, file })
  }
  return (
    <Card title={t('kle.title')}>
      <div className={classes.main}>
        <p>
          {data.readAt
            ? t('kle.standing', {
                ...{ entries: number(data.entries), erased: number(data.erased) },
                ...{ date: date(data.readAt), file: data.file ?? '' },
              })
            : t('kle.none')}
        </p>
        {data.allowed.change && (
          <>
            <p className="meta">{t('kle.help')}</p>
            <ErrorSummary
              errors={
                needed
                  ? [{ field: 'kle-file', text: t('kle.needFile') }]
                  : problem
                    ? [{ text: problemText(problem) }]
                    : []
              }
            />
            <div>
              <label htmlFor="kle-file">{t('kle.file')}</label>
              <Group gap={8} mt={4}>
                <input ref={picked} id="kle-file" type="file" accept=".xml,.csv,.txt" style={{ maxWidth: '100%' }} />
                <Button variant="default" loading={upload.isPending} onClick={send}>
                  {t('kle.read')}
                </Button>
              </Group>
            </div>
            {upload.data && <Outcome answer={upload.data} />}
          </>
        )}
      </div>
    </Card>
  )
}

function Outcome({ answer }: { answer: ResponseOf<typeof uploadKle> }) {
  const { t, number } = useTexts()
  return (
    <>
      <p role="status">{t('kle.taken', { count: answer.taken, number: number(answer.taken) })}</p>
      {answer.badInAll > 0 && (
        <>
          <p>{t('kle.bad', { count: answer.badInAll, number: number(answer.badInAll) })}</p>
          <DataTable
            caption={t('kle.badCaption')}
            rows={answer.bad}
            rowKey={row => `${row.line}`}
            empty={null}
            columns={[
              { key: 'line', label: t('kle.line'), number: true, cell: row => number(row.line) },
              { key: 'number', label: t('kle.number'), cell: row => row.number },
              { key: 'what', label: t('kle.what'), cell: row => t(`kle.wrong.${row.what}`) },
            ]}
          />
        </>
      )}
    </>
  )
}
