import { type ImportUpload, importTargets } from '#contract/transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { SentFile } from '../../ui/import-columns.tsx'
import { fieldKey } from './value-text.ts'

/** A file of systems, as columns are said of it. Only the list of systems has columns that can say anything. */
export function useSentSystems(): (upload: ImportUpload) => SentFile {
  const { t } = useTexts()
  return upload => ({
    ...{ own: upload.own, remembered: upload.remembered, leftSheets: upload.leftSheets, unknown: upload.unknown },
    found: t('fileImport.found', {
      tables: upload.tables.map(one => t(`transfer.table.${one.part}`, { count: one.rows })).join(', '),
    }),
    saved: upload.saved.map(one => ({ ...one, columns: [one.columns] })),
    tables:
      upload.headings.length === 0
        ? []
        : [
            {
              key: 'systems',
              caption: t('transfer.columnsCaption'),
              ...{ headings: upload.headings, examples: upload.examples },
              targets: importTargets.map(value => ({
                value,
                label: value === 'key' ? t('transfer.key') : t(fieldKey(value)),
              })),
              needs: { one: ['key', 'name'], text: t('transfer.needName') },
            },
          ],
  })
}
