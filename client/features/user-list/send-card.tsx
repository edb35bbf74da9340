import { Button, Group } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import {
  getUserList,
  type ListReading,
  takeUserList,
  tryUserList,
  type UserList,
  type UserListUpload,
  uploadUserList,
} from '#contract/user-lists.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { useProblemText } from '../../ui/problem-text.ts'
import { type Chosen, ReadingForm } from './reading-form.tsx'
import { RunOutcome, useListRun } from './run-outcome.tsx'

type Step = { upload: UserListUpload; chosen: Chosen }

/** File in, columns, what it would change, and only then the button that lets it in. */
export function SendCard(props: { list: UserList }) {
  const { t } = useTexts()
  const problemText = useProblemText()
  const { list } = props
  const systemId = list.system.id
  const picked = useRef<HTMLInputElement>(null)
  const [step, setStep] = useState<Step | null>(null)
  const [tried, setTried] = useState<string | null>(null)
  const [taken, setTaken] = useState<string | null>(null)
  const [wrong, setWrong] = useState<{ field: string; text: string }[]>([])
  const upload = useCommand(uploadUserList, answer => {
    setTried(null)
    setTaken(null)
    setStep({
      upload: answer,
      chosen: {
        columns: answer.columns,
        right: list.reading?.right ?? '',
        everyDays: list.reading ? list.reading.everyDays : 30,
      },
    })
  })
  const attempt = useCommand(tryUserList, answer => setTried(answer.runId))
  const take = useCommand(takeUserList, answer => {
    setTaken(answer.runId)
    setTried(null)
    setStep(null)
    if (picked.current) picked.current.value = ''
  })
  const tryRun = useListRun(systemId, tried)
  const takeRun = useListRun(systemId, taken)
  // What the list says is in force only when its run has ended.
  const client = useQueryClient()
  const ended = takeRun.data !== undefined && takeRun.data.state !== 'running'
  useEffect(() => {
    if (ended) void client.invalidateQueries({ queryKey: [getUserList.id] })
  }, [ended, client])
  const failed = upload.error ?? attempt.error ?? take.error
  const problem = failed ? problemOf(failed) : null

  const send = () => {
    const file = picked.current?.files?.[0]
    setWrong(file ? [] : [{ field: 'list-file', text: t('userList.needFile') }])
    attempt.reset()
    take.reset()
    if (file) upload.mutate({ params: { systemId }, query: { name: file.name }, file })
  }
  const reading = (): ListReading | null => {
    const { columns, right, everyDays } = step!.chosen
    const missing = [
      ...(columns.account ? [] : [{ field: 'column-account', text: t('userList.needAccount') }]),
      ...(columns.right || right.trim() ? [] : [{ field: 'same-right', text: t('userList.needRight') }]),
    ]
    setWrong(missing)
    if (missing.length > 0 || !columns.account) return null
    return {
      columns: { ...columns, account: columns.account },
      ...(columns.right || !right.trim() ? {} : { right: right.trim() }),
      everyDays,
    }
  }
  const go = (command: typeof attempt | typeof take) => {
    const body = reading()
    if (body && step) command.mutate({ params: { systemId, uploadId: step.upload.uploadId }, body })
  }
  const ready = tryRun.data && tryRun.data.state === 'done'

  return (
    <>
      <Card title={t('userList.send')} id="send">
        <div className="stack">
          <ErrorSummary
            key={`${wrong.length} ${upload.failureCount} ${attempt.failureCount} ${take.failureCount}`}
            errors={[...wrong, ...(problem ? [{ text: problemText(problem) }] : [])]}
          />
          <div>
            <label htmlFor="list-file" style={{ display: 'block', fontWeight: 500 }}>
              {t('userList.file')}
            </label>
            <p className="dim" id="list-file-hint">
              {t('userList.fileHint')}
            </p>
            <input
              id="list-file"
              ref={picked}
              type="file"
              style={{ maxWidth: '100%' }}
              accept=".csv,.txt,.xlsx"
              aria-describedby="list-file-hint"
            />
          </div>
          <div>
            <Button variant={step ? 'default' : 'filled'} loading={upload.isPending} onClick={send}>
              {t('userList.read')}
            </Button>
          </div>
          {step && (
            <section className="stack" aria-labelledby="columns">
              <h3 id="columns" className="section">
                {t('userList.columnsTitle')}
              </h3>
              <ReadingForm
                upload={step.upload}
                chosen={step.chosen}
                rights={list.entitlements.map(one => one.name)}
                onChange={chosen => {
                  setStep({ ...step, chosen })
                  setTried(null)
                }}
              />
              <Group>
                <Button variant={ready ? 'default' : 'filled'} loading={attempt.isPending} onClick={() => go(attempt)}>
                  {t('userList.try')}
                </Button>
                {ready && (
                  <Button loading={take.isPending} onClick={() => go(take)}>
                    {t('userList.take')}
                  </Button>
                )}
              </Group>
            </section>
          )}
        </div>
      </Card>
      {tried && <RunOutcome run={tryRun} dryRun />}
      {taken && <RunOutcome run={takeRun} dryRun={false} />}
    </>
  )
}
