import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { problemOf } from '../lib/call.ts'
import { saveBytes } from '../lib/save-file.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'

/** As the server answers: the content in base64. */
type File = { fileName: string; contentType: string; content: string }
export type FileItem = {
  key: string
  label: string
  icon?: ReactNode
  /** A file that the server makes, or something else that the choice does. */
  make: (() => Promise<File>) | { act: () => void }
}

/** What is shown as a file, in the forms that there are; the menu waits for it and says when it is here, or why not. */
export function FileMenu(props: { label: string; items: readonly FileItem[]; saved: (name: string) => string }) {
  const { t } = useTexts()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const choose = async ({ make }: FileItem) => {
    if (typeof make !== 'function') return make.act()
    setBusy(true)
    setProblem(null)
    try {
      const file = await make()
      saveBytes(file.fileName, file.contentType, file.content)
      announce(props.saved(file.fileName))
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
          {/* A long name wraps on a telephone; on one line of its own the feet of its letters would be cut off. */}
          <Button
            variant="default"
            h="auto"
            mih={36}
            py={6}
            styles={{ label: { whiteSpace: 'normal', lineHeight: 1.35 } }}
            leftSection={<IconDownload size={18} aria-hidden />}
            loading={busy}
          >
            {props.label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {props.items.map(item => (
            <Menu.Item key={item.key} leftSection={item.icon} onClick={() => void choose(item)}>
              {item.label}
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
