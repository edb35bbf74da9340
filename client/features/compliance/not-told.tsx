import { Button, Checkbox, Stack } from '@mantine/core'
import { useState } from 'react'
import { listNotTold, recordPaper } from '#contract/compliance.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Pager } from '../../ui/pager.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Empty, Failure } from '../../ui/states.tsx'

type Row = ResponseOf<typeof listNotTold>['rows'][number]
const limit = 50

/** Who has not been given the notice, for HR and the adviser; what was handed over on paper is noted here. */
export function NotTold(props: {
  version: number
  mayRecord: boolean
  offset: number
  onMove: (offset: number) => void
}) {
  const { t, number } = useTexts()
  const [without, setWithout] = useState(false)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const query = useCall(
    listNotTold,
    { query: { offset: props.offset, limit, withoutAccount: without ? 'true' : 'false' } },
    { keep: true },
  )
  const record = useCommand(recordPaper, answer => {
    setChosen([])
    announce(t('notice.recorded', { number: number(answer.recorded) }))
  })
  const name = (row: Row) => row.person.name ?? t('people.protectedPerson')
  const columns: Column<Row>[] = [
    { key: 'person', label: t('notice.columns.person'), cell: row => <PersonLink person={row.person} /> },
    { key: 'unit', label: t('notice.columns.unit'), rank: 3, cell: row => row.unit?.name },
    {
      key: 'account',
      label: t('notice.columns.account'),
      rank: 2,
      cell: row => t(row.account ? 'notice.hasAccount' : 'notice.noAccount'),
    },
    ...(props.mayRecord
      ? [
          {
            key: 'choose',
            label: t('notice.columns.choose'),
            cell: (row: Row) => (
              <Checkbox
                aria-label={t('notice.chooseOne', { name: name(row) })}
                checked={chosen.includes(row.person.id)}
                onChange={event =>
                  setChosen(
                    event.currentTarget.checked
                      ? [...chosen, row.person.id]
                      : chosen.filter(one => one !== row.person.id),
                  )
                }
              />
            ),
          },
        ]
      : []),
  ]
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  return (
    <Stack gap={12}>
      <Checkbox
        label={t('notice.onlyWithout')}
        checked={without}
        onChange={event => {
          setWithout(event.currentTarget.checked)
          props.onMove(0)
        }}
      />
      <DataTable
        caption={t('notice.notTold')}
        columns={columns}
        rows={query.data?.rows}
        rowKey={row => row.person.id}
        stale={query.isPlaceholderData}
        empty={<Empty good title={t('notice.notToldEmpty')} />}
      />
      <Pager
        offset={props.offset}
        limit={limit}
        total={query.data?.total}
        hint={false}
        of={t('notice.notTold')}
        onMove={props.onMove}
      />
      {props.mayRecord && (
        <div>
          <Button
            disabled={chosen.length === 0}
            loading={record.isPending}
            onClick={() => record.mutate({ body: { version: props.version, people: [...chosen] } })}
          >
            {t('notice.record')}
          </Button>
        </div>
      )}
      {record.error && <p role="alert">{t(`problem.${problemOf(record.error).code}`)}</p>}
    </Stack>
  )
}
