import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { isRefused, type ProblemError } from '../lib/call.ts'
import { useTexts } from '../texts/i18n.ts'
import { type Column, DataTable, type Sort } from './data-table.tsx'
import { FilterRow, SearchField } from './filters.tsx'
import { Pager } from './pager.tsx'
import { Empty, Failure } from './states.tsx'

/** What the frame has to know of the address; `listUrl` makes it. */
type Url = {
  offset: number
  filtered: boolean
  change: (next: never) => void
  move: (offset: number) => void
  clear: () => void
}

/**
 * Every list of the house: search and filters, the table with its pages, and why there is nothing: not there yet,
 * filtered away, failed.
 */
export function ListFrame<Row>(props: {
  query: UseQueryResult<{ rows: Row[]; total: number }, ProblemError>
  url: Url
  limit: number
  caption: string
  columns: Column<Row>[]
  rowKey: (row: Row) => string
  sort?: Sort
  search?: { label: string; hint?: string; value: string; onChange: (text: string) => void }
  filters?: ReactNode
  /** Between the filters and the table. */
  note?: ReactNode
  groupOf?: (row: Row) => { key: string; label: ReactNode }
  empty: ReactNode
  /** The whole list is here; a long one scrolls in its own box. */
  tall?: boolean
  /** On a phone each row is a card. */
  cards?: boolean
}) {
  const { t } = useTexts()
  const { query, url, search } = props
  const filtered = url.filtered || (search !== undefined && search.value !== '')
  const clear = () => {
    search?.onChange('')
    url.clear()
  }
  if (isRefused(query)) return <Failure error={query.error} />
  return (
    <>
      {(search || props.filters) && (
        <FilterRow>
          {search && <SearchField {...search} />}
          {props.filters}
        </FilterRow>
      )}
      {props.note}
      {query.isError && !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <>
          <DataTable
            caption={props.caption}
            columns={props.columns}
            rows={query.data?.rows}
            rowKey={props.rowKey}
            {...(props.sort
              ? {
                  sort: props.sort,
                  onSort: next => url.change({ sort: next.by, descending: next.descending || undefined } as never),
                }
              : {})}
            {...(props.groupOf ? { groupOf: props.groupOf } : {})}
            stale={query.isPlaceholderData}
            tall={props.tall === true}
            cards={props.cards === true}
            empty={
              filtered ? (
                <Empty
                  title={t('list.emptyFiltered')}
                  help={t('list.emptyFilteredHelp')}
                  action={
                    <Button variant="default" onClick={clear}>
                      {t('do.clear')}
                    </Button>
                  }
                />
              ) : (
                props.empty
              )
            }
          />
          <Pager
            offset={url.offset}
            limit={props.limit}
            total={query.data?.total}
            onMove={url.move}
            of={props.caption}
          />
        </>
      )}
    </>
  )
}
