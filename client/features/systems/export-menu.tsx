import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { BodyInput } from '#contract/endpoint.ts'
import { exportSystems } from '#contract/transfer.ts'
import { call, problemOf } from '../../lib/call.ts'
import { saveBytes } from '../../lib/save-file.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

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
export function ExportMenu(props: { filter: Asked['filter'] }) {
  const { t, language } = useTexts()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const fetchFile = async (what: Asked['what'], format: Asked['format']) => {
    setBusy(true)
    setProblem(null)
    try {
      const file = await call(exportSystems, { body: { what, format, language, filter: props.filter } })
      saveBytes(file.fileName, file.contentType, file.content)
      announce(t('transfer.exported', { name: file.fileName }))
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
            {t('transfer.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {FILES.map(([label, what, format]) => (
            <Menu.Item key={label} onClick={() => void fetchFile(what, format)}>
              {t(`transfer.${label}`)}
            </Menu.Item>
          ))}
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
