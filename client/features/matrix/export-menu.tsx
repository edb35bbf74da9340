import { Button, Menu } from '@mantine/core'
import { IconDownload, IconFileTypeCsv, IconFileTypeXls, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import type { BodyInput } from '#contract/endpoint.ts'
import { exportMatrix } from '#contract/matrix.ts'
import { call, problemOf } from '../../lib/call.ts'
import { saveBytes } from '../../lib/save-file.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

/** What is seen as a file, or on paper. The server makes the file, from the same question. */
export function ExportMenu(props: { query: BodyInput<typeof exportMatrix>['query']; onPrint: () => void }) {
  const { t, language } = useTexts()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const fetchFile = async (format: 'xlsx' | 'csv') => {
    setBusy(true)
    setProblem(null)
    try {
      const file = await call(exportMatrix, { body: { query: props.query, format, language } })
      saveBytes(file.fileName, file.contentType, file.content)
      announce(t('matrix.exported', { name: file.fileName }))
    } catch (error) {
      setProblem(t(`problem.${problemOf(error).code}`))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} loading={busy}>
            {t('matrix.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFileTypeXls size={18} aria-hidden />} onClick={() => void fetchFile('xlsx')}>
            {t('matrix.exportXlsx')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFileTypeCsv size={18} aria-hidden />} onClick={() => void fetchFile('csv')}>
            {t('matrix.exportCsv')}
          </Menu.Item>
          <Menu.Item leftSection={<IconPrinter size={18} aria-hidden />} onClick={props.onPrint}>
            {t('matrix.print')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {problem && (
        <p role="alert" className="meta">
          {problem}
        </p>
      )}
    </>
  )
}
