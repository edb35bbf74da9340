import { IconFileTypeCsv, IconFileTypeXls, IconPrinter } from '@tabler/icons-react'
import type { BodyInput } from '#contract/endpoint.ts'
import { exportMatrix } from '#contract/matrix.ts'
import { call } from '../../lib/call.ts'
import { useTexts } from '../../texts/i18n.ts'
import { FileMenu } from '../../ui/file-menu.tsx'

/** What is seen as a file, or on paper. The server makes the file, from the same question. */
export function ExportMenu(props: {
  query: BodyInput<typeof exportMatrix>['query']
  /** Only these columns are seen. */
  find: string | undefined
  /** The flow is seen, and this of it. */
  flow: BodyInput<typeof exportMatrix>['flow']
  onPrint: () => void
}) {
  const { t, language } = useTexts()
  const seen = { ...(props.find ? { find: props.find } : {}), ...(props.flow ? { flow: props.flow } : {}) }
  const file = (format: 'xlsx' | 'csv') => () =>
    call(exportMatrix, { body: { query: props.query, ...seen, format, language } })
  return (
    <FileMenu
      label={t('matrix.export')}
      saved={name => t('matrix.exported', { name })}
      items={[
        {
          key: 'xlsx',
          label: t('matrix.exportXlsx'),
          icon: <IconFileTypeXls size={18} aria-hidden />,
          make: file('xlsx'),
        },
        {
          key: 'csv',
          label: t('matrix.exportCsv'),
          icon: <IconFileTypeCsv size={18} aria-hidden />,
          make: file('csv'),
        },
        {
          key: 'print',
          label: t('matrix.print'),
          icon: <IconPrinter size={18} aria-hidden />,
          make: { act: props.onPrint },
        },
      ]}
    />
  )
}
