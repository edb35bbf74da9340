import type { RegisterUpload } from '#contract/register-transfer.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { SentFile } from '../../ui/import-columns.tsx'

/** A file of records, as columns are said of it. */
export function useSentRecords(): (upload: RegisterUpload) => SentFile {
  const { t, language } = useTexts()
  return upload => ({
    ...{ own: upload.own, remembered: upload.remembered, saved: upload.saved },
    ...{ leftSheets: upload.leftSheets, unknown: upload.unknown },
    found:
      upload.kind === 'package'
        ? t('registerTransfer.package', { count: upload.records })
        : t('fileImport.found', {
            tables: upload.tables
              .map(one =>
                t('registerTransfer.tableOf', { part: t(`registerTransfer.part.${one.part}`), count: one.rows }),
              )
              .join(', '),
          }),
    tables: upload.tables.map(one => ({
      key: one.part,
      caption: t('registerTransfer.caption', { part: one.sheet ?? t(`registerTransfer.part.${one.part}`) }),
      ...{ headings: one.headings, examples: one.examples },
      targets: one.targets.map(target => ({ value: target.name, label: target[language] })),
      needs: {
        one: one.part === 'activities' ? ['ref', 'name'] : ['activity', 'title'],
        text: t('registerTransfer.needName'),
      },
    })),
  })
}
