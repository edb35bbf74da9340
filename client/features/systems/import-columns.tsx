import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type ImportSettings, type ImportTarget, type ImportUpload, importTargets } from '#contract/transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ColumnMap } from '../../ui/column-map.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import form from '../../ui/form.module.css'
import { fieldKey } from './sheet-value.tsx'

export type Chosen = Pick<ImportSettings, 'columns' | 'empty' | 'onlyWhole'> & { saveAs: string }

const isDeep = (one: readonly unknown[], other: readonly unknown[]) => JSON.stringify(one) === JSON.stringify(other)

/** What a file holds, and what its columns mean. */
export function ImportColumns(props: { upload: ImportUpload; chosen: Chosen; onChange: (chosen: Chosen) => void }) {
  const { t, number } = useTexts()
  const { upload, chosen } = props
  const set = (more: Partial<Chosen>) => props.onChange({ ...chosen, ...more })
  const labelOf = (target: ImportTarget) => (target === 'key' ? t('transfer.key') : t(fieldKey(target)))
  const columns = upload.headings.map((name, at) => ({ at, name: name === '' ? `${at + 1}` : name }))
  return (
    <>
      <p>
        {t('transfer.found', {
          tables: upload.tables.map(one => t(`transfer.table.${one.part}`, { count: one.rows })).join(', '),
        })}
      </p>
      {upload.leftSheets.length > 0 && (
        <p className="dim">{t('transfer.leftSheets', { sheets: upload.leftSheets.join(', ') })}</p>
      )}
      {upload.unknown.length > 0 && (
        <details>
          <summary>{t('transfer.unknown')}</summary>
          <p className="dim">{t('transfer.unknownHelp')}</p>
          <DataTable
            caption={t('transfer.unknownCaption')}
            columns={[
              { key: 'path', label: t('transfer.unknownPath'), cell: row => <code>{row.path}</code> },
              { key: 'count', label: t('transfer.unknownCount'), number: true, cell: row => number(row.count) },
            ]}
            rows={upload.unknown}
            rowKey={row => row.path}
            empty={null}
          />
        </details>
      )}
      {columns.length > 0 && (
        <>
          <p className="dim">
            {upload.own
              ? t('transfer.own')
              : upload.remembered
                ? t('transfer.remembered', { name: upload.remembered })
                : t('transfer.proposed')}
          </p>
          {!upload.own && upload.saved.length > 0 && (
            <NativeSelect
              id="use-saved"
              label={t('transfer.savedPick')}
              value={upload.saved.find(one => isDeep(one.columns, chosen.columns))?.name ?? ''}
              onChange={event => {
                const saved = upload.saved.find(one => one.name === event.currentTarget.value)
                if (saved) set({ columns: saved.columns })
              }}
              data={[
                { value: '', label: t('transfer.savedNone') },
                ...upload.saved.map(({ name, fits }) => ({
                  value: name,
                  label: t('transfer.savedFits', { name, fits, count: columns.length }),
                })),
              ]}
            />
          )}
          <details open={!upload.own}>
            <summary>{t('transfer.columnsCaption')}</summary>
            <ColumnMap
              caption={t('transfer.columnsCaption')}
              columns={columns.map(({ at, name }) => ({
                ...{ at, name, means: chosen.columns[at] ?? null },
                example: upload.rows.map(cells => cells[at]).find(Boolean),
              }))}
              choices={importTargets.map(target => ({ value: target, label: labelOf(target) }))}
              words={{
                ...{ column: t('transfer.column'), example: t('transfer.example'), means: t('transfer.means') },
                ...{ meansOf: column => t('transfer.meansOf', { column }), notRead: t('transfer.notRead') },
              }}
              idOf={at => `column-${at}`}
              onChange={(changed, target) =>
                set({
                  columns: columns.map(({ at }) =>
                    at === changed ? (target as ImportTarget | null) : (chosen.columns[at] ?? null),
                  ),
                })
              }
            />
          </details>
        </>
      )}
      <div className={form.fields}>
        {columns.length > 0 && (
          <NativeSelect
            id="empty"
            label={t('transfer.empty')}
            value={chosen.empty}
            onChange={event => set({ empty: event.currentTarget.value as 'keep' | 'clear' })}
            data={(['keep', 'clear'] as const).map(value => ({ value, label: t(`transfer.emptyChoice.${value}`) }))}
          />
        )}
        {columns.length > 0 && !upload.own && (
          <TextInput
            id="save-as"
            label={t('transfer.saveAs')}
            description={t('transfer.saveAsHint')}
            value={chosen.saveAs}
            maxLength={100}
            autoComplete="off"
            list="saved-columns"
            onChange={event => set({ saveAs: event.currentTarget.value })}
          />
        )}
        <datalist id="saved-columns">
          {upload.saved.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      <Checkbox
        id="only-whole"
        label={t('transfer.onlyWhole')}
        checked={chosen.onlyWhole}
        onChange={event => set({ onlyWhole: event.currentTarget.checked })}
      />
    </>
  )
}
