import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconClock, IconHourglass, IconPlayerStop } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import * as contract from '#contract/records.ts'
import type { ProblemError } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status, type Tone } from '../../ui/status.tsx'

type List = ResponseOf<typeof contract.listSystemRecords>
type Row = List['rows'][number]
const LOOK: Record<Row['standing'], { tone: Tone; icon: typeof IconClock }> = {
  coming: { tone: 'info', icon: IconHourglass },
  counts: { tone: 'ok', icon: IconCircleCheck },
  due: { tone: 'wait', icon: IconClock },
  overdue: { tone: 'bad', icon: IconAlertTriangle },
  ended: { tone: 'quiet', icon: IconPlayerStop },
}

export function SystemRecords({ systemId }: { systemId: string }) {
  const params = { systemId }
  const query = useCall(contract.listSystemRecords, { params })
  const add = useCommand(contract.addSystemRecord)
  const end = useCommand(contract.endSystemRecord)
  return (
    <Records
      query={query}
      add={{ ...add, send: (body, done) => add.mutate({ params, body }, { onSuccess: done }) }}
      end={{
        ...end,
        send: (recordId, body, done) => end.mutate({ params: { systemId, recordId }, body }, { onSuccess: done }),
      }}
    />
  )
}

export function ActivityRecords({ activityId }: { activityId: string }) {
  const params = { activityId }
  const query = useCall(contract.listActivityRecords, { params })
  const add = useCommand(contract.addActivityRecord)
  const end = useCommand(contract.endActivityRecord)
  return (
    <Records
      query={query}
      add={{ ...add, send: (body, done) => add.mutate({ params, body }, { onSuccess: done }) }}
      end={{
        ...end,
        send: (recordId, body, done) => end.mutate({ params: { activityId, recordId }, body }, { onSuccess: done }),
      }}
    />
  )
}

type Written = { kind: Row['kind']; onDay: string; nextDue: string | null; reference: string; note: string | null }
type Sending = { isPending: boolean; error: ProblemError | null; reset: () => void }
type Add = Sending & { send: (body: Written, done: () => void) => void }
type End = Sending & { send: (recordId: string, body: { on: string; reason: string }, done: () => void) => void }

/** What is noted of a system or an activity, with when it is due; and what is kept elsewhere, said as such. */
function Records({ query, add, end }: { query: UseQueryResult<List, ProblemError>; add: Add; end: End }) {
  const { t, date } = useTexts()
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<Row | null>(null)
  return (
    <Card
      title={t('records.title')}
      aside={
        query.data?.allowed.change && (
          <Button
            size="xs"
            variant="default"
            className="no-print"
            onClick={() => {
              add.reset()
              setAdding(true)
            }}
          >
            {t('records.add')}
          </Button>
        )
      }
    >
      <Answer query={query}>
        {list => {
          const elsewhere = list.kinds.filter(one => !one.kept).map(one => t(`records.kinds.${one.kind}`))
          return (
            <>
              <p className="meta">{t('records.help')}</p>
              {elsewhere.length > 0 && <p>{t('records.notKept', { kinds: elsewhere.join(', ') })}</p>}
              <DataTable
                caption={t('records.title')}
                cards
                rows={list.rows}
                rowKey={row => row.id}
                empty={<Empty title={t('records.none')} />}
                columns={[
                  {
                    key: 'kind',
                    label: t('records.columns.kind'),
                    cell: row => (
                      <>
                        {t(`records.kinds.${row.kind}`)}
                        {row.origin === 'imported' && <div className="meta">{t('records.imported')}</div>}
                      </>
                    ),
                  },
                  {
                    key: 'onDay',
                    label: t('records.columns.onDay'),
                    cell: row => <span className="nowrap">{date(row.onDay)}</span>,
                  },
                  {
                    key: 'nextDue',
                    label: t('records.columns.nextDue'),
                    cell: row =>
                      row.nextDue ? <span className="nowrap">{date(row.nextDue)}</span> : t('records.noDue'),
                  },
                  {
                    key: 'reference',
                    label: t('records.columns.reference'),
                    cell: row => (
                      <>
                        {row.reference}
                        {row.note && <div className="meta">{row.note}</div>}
                      </>
                    ),
                  },
                  {
                    key: 'standing',
                    label: t('records.columns.standing'),
                    cell: row => (
                      <>
                        <Status tone={LOOK[row.standing].tone} icon={LOOK[row.standing].icon} plain>
                          {t(`records.standing.${row.standing}`)}
                        </Status>
                        {row.endedOn && (
                          <div className="meta">
                            {t('records.endedOn', { date: date(row.endedOn), reason: row.endedReason ?? '' })}
                          </div>
                        )}
                        {list.allowed.change && row.endedOn === null && (
                          <div>
                            <Button
                              size="compact-xs"
                              variant="default"
                              className="no-print"
                              aria-label={`${t('records.endOf', { kind: t(`records.kinds.${row.kind}`) })} ${row.reference}`}
                              onClick={() => {
                                end.reset()
                                setEnding(row)
                              }}
                            >
                              {t('records.end')}
                            </Button>
                          </div>
                        )}
                      </>
                    ),
                  },
                ]}
              />
              {adding && <AddDialog list={list} add={add} onClose={() => setAdding(false)} />}
              {ending && <EndDialog row={ending} today={list.today} end={end} onClose={() => setEnding(null)} />}
            </>
          )
        }}
      </Answer>
    </Card>
  )
}

function AddDialog({ list, add, onClose }: { list: List; add: Add; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <FormDialog
      title={t('records.addTitle')}
      verb={t('records.add')}
      busy={add.isPending}
      error={add.error}
      onClose={onClose}
      onSubmit={field =>
        add.send(
          {
            ...{ kind: field('kind') as Row['kind'], onDay: field('onDay'), nextDue: field('nextDue') || null },
            ...{ reference: field('reference'), note: field('note') || null },
          },
          () => {
            announce(t('records.added'))
            onClose()
          },
        )
      }
    >
      <NativeSelect
        name="kind"
        label={t('records.kind')}
        data-autofocus
        data={list.kinds.map(({ kind }) => ({ value: kind, label: t(`records.kinds.${kind}`) }))}
      />
      <TextInput type="date" name="onDay" label={t('records.onDay')} defaultValue={list.today} required />
      <TextInput type="date" name="nextDue" label={t('records.nextDue')} description={t('records.nextDueHint')} />
      <TextInput
        name="reference"
        label={t('records.reference')}
        description={t('records.referenceHint')}
        required
        maxLength={500}
        autoComplete="off"
      />
      <Textarea name="note" label={t('records.note')} maxLength={1000} rows={2} />
    </FormDialog>
  )
}

function EndDialog(props: { row: Row; today: string; end: End; onClose: () => void }) {
  const { t } = useTexts()
  const { row, end } = props
  return (
    <FormDialog
      title={t('records.endOf', { kind: t(`records.kinds.${row.kind}`) })}
      verb={t('records.end')}
      busy={end.isPending}
      error={end.error}
      onClose={props.onClose}
      onSubmit={field =>
        end.send(row.id, { on: field('on'), reason: field('reason') }, () => {
          announce(t('records.ended'))
          props.onClose()
        })
      }
    >
      <p>{row.reference}</p>
      <p className="meta">{t('records.endHelp')}</p>
      <TextInput
        type="date"
        name="on"
        label={t('records.endOn')}
        defaultValue={props.today}
        min={row.onDay}
        required
        data-autofocus
      />
      <Textarea name="reason" label={t('records.reason')} required minLength={5} maxLength={500} rows={2} />
    </FormDialog>
  )
}
