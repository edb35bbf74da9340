import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import type { RegisterSettings, RegisterUpload } from '#contract/register-transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ColumnMap } from '../../ui/column-map.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import form from '../../ui/form.module.css'

export type Chosen = RegisterSettings & { saveAs: string }
export const columnId = (table: number, at: number) => `column-${table}-${at}`

/** What a file holds, and what its columns mean. */
export function ImportFields(props: { upload: RegisterUpload; chosen: Chosen; onChange: (chosen: Chosen) => void }) {
  const { t } = useTexts()
  const { upload, chosen } = props
  const set = (more: Partial<Chosen>) => props.onChange({ ...chosen, ...more })
  const isTable = upload.kind === 'table'
  const found = upload.tables.map(one =>
    t('registerTransfer.tableOf', { part: t(`registerTransfer.part.${one.part}`), count: one.rows }),
  )
  return (
    <>
      <p>
        {isTable
          ? t('registerTransfer.found', { tables: found.join(', ') })
          : t('registerTransfer.package', { count: upload.records })}
      </p>
      {upload.leftSheets.length > 0 && (
        <p className="dim">{t('registerTransfer.left', { sheets: upload.leftSheets.join(', ') })}</p>
      )}
      <Unknown upload={upload} />
      {isTable && (
        <>
          <p className="dim">
            {upload.own
              ? t('registerTransfer.own')
              : upload.remembered
                ? t('registerTransfer.remembered', { name: upload.remembered })
                : t('registerTransfer.proposed')}
          </p>
          {upload.tables.map((_, table) => (
            <Columns key={upload.tables[table]?.part} {...props} table={table} />
          ))}
        </>
      )}
      <div className={form.fields}>
        <TextInput
          id="import-area"
          label={t('registerTransfer.area')}
          description={t('registerTransfer.areaHint')}
          value={chosen.area}
          maxLength={100}
          autoComplete="off"
          onChange={event => set({ area: event.currentTarget.value })}
        />
        {isTable && (
          <NativeSelect
            id="empty"
            label={t('registerTransfer.empty')}
            value={chosen.empty}
            onChange={event => set({ empty: event.currentTarget.value as 'keep' | 'clear' })}
            data={(['keep', 'clear'] as const).map(value => ({
              ...{ value, label: t(`registerTransfer.emptyChoice.${value}`) },
            }))}
          />
        )}
        {isTable && !upload.own && (
          <TextInput
            id="save-as"
            label={t('registerTransfer.saveAs')}
            description={t('registerTransfer.saveAsHint')}
            value={chosen.saveAs}
            maxLength={100}
            autoComplete="off"
            onChange={event => set({ saveAs: event.currentTarget.value })}
          />
        )}
      </div>
      <Checkbox
        id="only-whole"
        label={t('registerTransfer.onlyWhole')}
        checked={chosen.onlyWhole}
        onChange={event => set({ onlyWhole: event.currentTarget.checked })}
      />
    </>
  )
}

function Columns(props: { upload: RegisterUpload; chosen: Chosen; onChange: (chosen: Chosen) => void; table: number }) {
  const { t, language } = useTexts()
  const { upload, chosen, table } = props
  const found = upload.tables[table]
  if (!found) return null
  const columns = chosen.columns[table] ?? []
  const caption = t('registerTransfer.caption', {
    part: found.sheet ?? t(`registerTransfer.part.${found.part}`),
  })
  return (
    <details open={!upload.own}>
      <summary>{caption}</summary>
      <ColumnMap
        caption={caption}
        columns={found.headings.map((name, at) => ({
          ...{ at, name: name === '' ? `${at + 1}` : name, example: found.examples[at], means: columns[at] ?? null },
        }))}
        choices={found.targets.map(one => ({ value: one.name, label: one[language] }))}
        words={{
          ...{ column: t('registerTransfer.column'), example: t('registerTransfer.example') },
          ...{ means: t('registerTransfer.means'), notRead: t('registerTransfer.notRead') },
          meansOf: column => t('registerTransfer.meansOf', { column }),
        }}
        idOf={at => columnId(table, at)}
        onChange={(changed, means) =>
          props.onChange({
            ...chosen,
            columns: upload.tables.map((one, place) =>
              one.headings.map((_, at) =>
                place === table && at === changed ? means : (chosen.columns[place]?.[at] ?? null),
              ),
            ),
          })
        }
      />
    </details>
  )
}

function Unknown({ upload }: { upload: RegisterUpload }) {
  const { t, number } = useTexts()
  if (upload.unknown.length === 0) return null
  return (
    <details>
      <summary>{t('registerTransfer.unknown')}</summary>
      <p className="dim">{t('registerTransfer.unknownHelp')}</p>
      <DataTable
        caption={t('registerTransfer.unknownCaption')}
        columns={[
          { key: 'path', label: t('registerTransfer.unknownPath'), cell: row => <code>{row.path}</code> },
          { key: 'count', label: t('registerTransfer.unknownCount'), number: true, cell: row => number(row.count) },
        ]}
        rows={upload.unknown}
        rowKey={row => row.path}
        empty={null}
      />
    </details>
  )
}
