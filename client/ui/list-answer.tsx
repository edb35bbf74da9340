import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ProblemError } from '../lib/call.ts'
import { useTexts } from '../texts/i18n.ts'
import { type Column, DataTable, type Sort } from './data-table.tsx'
import { Pager } from './pager.tsx'
import { Empty, Failure } from './states.tsx'

/** The answer of a list endpoint: the table with its pages, or why there is none. */
export function ListAnswer<Row>(props: {
  query: UseQueryResult<{ rows: Row[]; total: number }, ProblemError>
  caption: string
  columns: Column<Row>[]
  rowKey: (row: Row) => string
  sort?: Sort
  onSort?: (sort: Sort) => void
  offset: number
  limit: number
  onMove: (offset: number) => void
  /** Set while a filter is on: an empty list then is the filter's doing, and this takes it off. */
  onClear: (() => void) | undefined
  empty: ReactNode
}) {
  const { t } = useTexts()
  const { query } = props
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      <DataTable
        caption={props.caption}
        columns={props.columns}
        rows={query.data?.rows}
        rowKey={props.rowKey}
        {...(props.sort ? { sort: props.sort } : {})}
        {...(props.onSort ? { onSort: props.onSort } : {})}
        stale={query.isPlaceholderData}
        empty={
          props.onClear ? (
            <Empty
              title={t('list.emptyFiltered')}
              help={t('list.emptyFilteredHelp')}
              action={
                <Button variant="default" onClick={props.onClear}>
                  {t('do.clear')}
                </Button>
              }
            />
          ) : (
            props.empty
          )
        }
      />
      <Pager offset={props.offset} limit={props.limit} total={query.data?.total} onMove={props.onMove} />
    </>
  )
}

export const someFilter = (filters: Record<string, unknown>): boolean =>
  Object.values(filters).some(value => value !== undefined && value !== '')
