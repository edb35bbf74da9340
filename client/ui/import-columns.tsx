import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/i18n.ts'
import { ColumnMap } from './column-map.tsx'
import { DataTable } from './data-table.tsx'
import form from './form.module.css'
import type { Mistake } from './import-steps.ts'

/** What somebody says of the columns of a file, by its tables; null: not read. */
export type ChosenColumns = {
  columns: (string | null)[][]
  empty: 'keep' | 'clear'
  onlyWhole: boolean
  saveAs: string
}

export type SentTable = {
  key: string
  caption: string
  headings: readonly string[]
  examples: readonly string[]
  /** What a column can say. */
  targets: { value: string; label: string }[]
  /** At least one of these has to be there; else this is said. */
  needs: { one: readonly string[]; text: string }
}
/** A file as it was read. One without tables is of another program, and says itself what its fields are. */
export type SentFile = {
  /** What is in it, in words. */
  found: string
  own: boolean
  remembered: string | null
  saved: { name: string; columns: (string | null)[][]; fits: number }[]
  leftSheets: readonly string[]
  unknown: readonly { path: string; count: number }[]
  tables: SentTable[]
}

/** What is chosen first: as it was read, and nothing taken away that a file of others only does not say. */
export const firstChosen = (
  file: { own: boolean; remembered: string | null },
  columns: (string | null)[][],
): ChosenColumns => ({
  ...{ columns, onlyWhole: false, saveAs: file.remembered ?? '' },
  empty: file.own ? 'clear' : 'keep',
})

const columnId = (table: number, at: number) => `column-${table}-${at}`

/** The first thing that is wrong with what has been said of the columns. */
export function useColumnMistakes(): (file: SentFile, chosen: ChosenColumns) => Mistake[] {
  const { t } = useTexts()
  return (file, chosen) => {
    for (const [at, table] of file.tables.entries()) {
      const columns = chosen.columns[at] ?? []
      const twice = columns.findIndex((one, place) => one !== null && columns.indexOf(one) !== place)
      const field = table.targets.find(one => one.value === columns[twice])?.label
      if (field) return [{ field: columnId(at, twice), text: t('fileImport.twice', { field }) }]
      if (!table.needs.one.some(one => columns.includes(one)))
        return [{ field: columnId(at, 0), text: table.needs.text }]
    }
    return []
  }
}

type Props = {
  file: SentFile
  chosen: ChosenColumns
  onChange: (more: Partial<ChosenColumns>) => void
  /** What becomes of fields without a place, and what has them. */
  unknown: { help: string; caption: string; things: string }
  /** What else has to be said of the file. */
  children?: ReactNode
}

/** What a file holds, and what its columns mean. */
export function ImportColumns(props: Props) {
  const { t } = useTexts()
  const { file, chosen } = props
  const isTable = file.tables.length > 0
  return (
    <>
      <p>{file.found}</p>
      {file.leftSheets.length > 0 && (
        <p className="dim">{t('fileImport.leftSheets', { sheets: file.leftSheets.join(', ') })}</p>
      )}
      <Unknown {...props} />
      {isTable && (
        <>
          <p className="dim">
            {file.own
              ? t('fileImport.own')
              : file.remembered
                ? t('fileImport.remembered', { name: file.remembered })
                : t('fileImport.proposed')}
          </p>
          <PickSaved {...props} />
          {file.tables.map((table, at) => (
            <Columns key={table.key} {...props} table={table} at={at} />
          ))}
        </>
      )}
      <div className={form.fields}>
        {props.children}
        {isTable && (
          <NativeSelect
            id="empty"
            label={t('fileImport.empty')}
            value={chosen.empty}
            onChange={event => props.onChange({ empty: event.currentTarget.value as 'keep' | 'clear' })}
            data={(['keep', 'clear'] as const).map(value => ({ value, label: t(`fileImport.emptyChoice.${value}`) }))}
          />
        )}
        {isTable && !file.own && <SaveAs {...props} />}
      </div>
      <Checkbox
        id="only-whole"
        label={t('fileImport.onlyWhole')}
        checked={chosen.onlyWhole}
        onChange={event => props.onChange({ onlyWhole: event.currentTarget.checked })}
      />
    </>
  )
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

function PickSaved({ file, chosen, onChange }: Props) {
  const { t } = useTexts()
  const known = file.saved.filter(one => one.fits > 0)
  if (file.own || known.length === 0) return null
  const count = file.tables.reduce((sum, one) => sum + one.headings.length, 0)
  return (
    <NativeSelect
      id="use-saved"
      label={t('fileImport.savedPick')}
      value={known.find(one => isSame(one.columns, chosen.columns))?.name ?? ''}
      onChange={event => {
        const saved = known.find(one => one.name === event.currentTarget.value)
        if (saved) onChange({ columns: saved.columns })
      }}
      data={[
        { value: '', label: t('fileImport.savedNone') },
        ...known.map(({ name, fits }) => ({ value: name, label: t('fileImport.savedFits', { name, fits, count }) })),
      ]}
    />
  )
}

function SaveAs({ file, chosen, onChange }: Props) {
  const { t } = useTexts()
  return (
    <>
      <TextInput
        id="save-as"
        label={t('fileImport.saveAs')}
        description={t('fileImport.saveAsHint')}
        value={chosen.saveAs}
        maxLength={100}
        autoComplete="off"
        list="saved-columns"
        onChange={event => onChange({ saveAs: event.currentTarget.value })}
      />
      <datalist id="saved-columns">
        {file.saved.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  )
}

function Columns({ file, chosen, onChange, table, at }: Props & { table: SentTable; at: number }) {
  const { t } = useTexts()
  const meansOf = (table: number, place: number) => chosen.columns[table]?.[place] ?? null
  return (
    <details open={!file.own}>
      <summary>{table.caption}</summary>
      <ColumnMap
        caption={table.caption}
        columns={table.headings.map((name, place) => ({
          ...{ at: place, name: name === '' ? `${place + 1}` : name },
          ...{ example: table.examples[place], means: meansOf(at, place) },
        }))}
        choices={table.targets}
        idOf={place => columnId(at, place)}
        onChange={(changed, means) =>
          onChange({
            columns: file.tables.map((one, other) =>
              one.headings.map((_, place) => (other === at && place === changed ? means : meansOf(other, place))),
            ),
          })
        }
        words={{
          ...{ column: t('fileImport.column'), example: t('fileImport.example'), means: t('fileImport.means') },
          ...{ meansOf: column => t('fileImport.meansOf', { column }), notRead: t('fileImport.notRead') },
        }}
      />
    </details>
  )
}

function Unknown({ file, unknown }: Props) {
  const { t, number } = useTexts()
  if (file.unknown.length === 0) return null
  return (
    <details>
      <summary>{t('fileImport.unknown')}</summary>
      <p className="dim">{unknown.help}</p>
      <DataTable
        caption={unknown.caption}
        columns={[
          { key: 'path', label: t('fileImport.unknownPath'), cell: row => <code>{row.path}</code> },
          { key: 'count', label: unknown.things, number: true, cell: row => number(row.count) },
        ]}
        rows={file.unknown}
        rowKey={row => row.path}
        empty={null}
      />
    </details>
  )
}
