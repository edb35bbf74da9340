import { exportSystems } from '#contract/catalogue-export.ts'
import type { BodyInput } from '#contract/endpoint.ts'
import { call } from '../../lib/call.ts'
import { useTexts } from '../../texts/i18n.ts'
import { FileMenu } from '../../ui/file-menu.tsx'

type Asked = BodyInput<typeof exportSystems>
const FILES = [
  ['exportXlsx', 'systems', 'xlsx'],
  ['exportCsv', 'systems', 'csv'],
  ['exportContracts', 'contracts', 'csv'],
  ['exportFlows', 'flows', 'csv'],
  ['exportGdpr', 'gdpr', 'xlsx'],
  ['exportGdprCsv', 'gdpr', 'csv'],
] as const

/** The systems that are shown, as a file that can be sent in again. */
export function ExportMenu({ filter }: { filter: Asked['filter'] }) {
  const { t, language } = useTexts()
  return (
    <FileMenu
      label={t('transfer.export')}
      saved={name => t('transfer.exported', { name })}
      items={FILES.map(([label, what, format]) => ({
        key: label,
        label: t(`transfer.${label}`),
        make: () => call(exportSystems, { body: { what, format, language, filter } }),
      }))}
    />
  )
}
