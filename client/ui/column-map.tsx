import { NativeSelect } from '@mantine/core'
import { DataTable } from './data-table.tsx'

export type MappedColumn = { at: number; name: string; example: string | undefined; means: string | null }

/** What the columns of a file mean, one line a column. `idOf` is what a list of mistakes leads to. */
export function ColumnMap(props: {
  caption: string
  columns: readonly MappedColumn[]
  choices: { value: string; label: string }[]
  words: { column: string; example: string; means: string; meansOf: (column: string) => string; notRead: string }
  idOf: (at: number) => string
  onChange: (at: number, means: string | null) => void
}) {
  const { words } = props
  return (
    <DataTable
      caption={props.caption}
      columns={[
        { key: 'name', label: words.column, cell: row => row.name },
        { key: 'example', label: words.example, rank: 2, cell: row => row.example?.slice(0, 60) },
        {
          key: 'means',
          label: words.means,
          cell: row => (
            <NativeSelect
              id={props.idOf(row.at)}
              aria-label={words.meansOf(row.name)}
              value={row.means ?? ''}
              onChange={event => props.onChange(row.at, event.currentTarget.value || null)}
              data={[{ value: '', label: words.notRead }, ...props.choices]}
            />
          ),
        },
      ]}
      rows={[...props.columns]}
      rowKey={row => String(row.at)}
      empty={null}
    />
  )
}
