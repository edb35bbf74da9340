import { IconFileTypeDocx, IconFileTypePdf } from '@tabler/icons-react'
import { useTexts } from '../texts/i18n.ts'
import { type FileItem, FileMenu } from './file-menu.tsx'

/** What is shown as a document, for somebody who does not sign in here. On pages with the texts of the register. */
export function PaperMenu(props: {
  label: string
  make: (format: 'docx' | 'pdf') => ReturnType<Extract<FileItem['make'], () => unknown>>
}) {
  const { t } = useTexts()
  return (
    <FileMenu
      label={props.label}
      saved={name => t('registerFile.saved', { name })}
      items={[
        {
          key: 'docx',
          label: t('registerFile.docx'),
          icon: <IconFileTypeDocx size={18} aria-hidden />,
          make: () => props.make('docx'),
        },
        {
          key: 'pdf',
          label: t('registerFile.pdf'),
          icon: <IconFileTypePdf size={18} aria-hidden />,
          make: () => props.make('pdf'),
        },
      ]}
    />
  )
}
