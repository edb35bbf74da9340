import { IconFileTypeDocx, IconFileTypePdf } from '@tabler/icons-react'
import { makeRegisterDocument } from '#contract/documents.ts'
import type { QueryInput } from '#contract/endpoint.ts'
import { call } from '../../lib/call.ts'
import { useTexts } from '../../texts/i18n.ts'
import { FileMenu } from '../../ui/file-menu.tsx'

type Which = Omit<QueryInput<typeof makeRegisterDocument>, 'format' | 'language'>

/** Records of processing as a document, for somebody who does not sign in here. */
export function DocumentMenu({ which }: { which: Which }) {
  const { t, language } = useTexts()
  const make = (format: 'docx' | 'pdf') => () => call(makeRegisterDocument, { query: { ...which, format, language } })
  return (
    <FileMenu
      label={t('registerFile.label')}
      saved={name => t('registerFile.saved', { name })}
      items={[
        {
          key: 'docx',
          label: t('registerFile.docx'),
          icon: <IconFileTypeDocx size={18} aria-hidden />,
          make: make('docx'),
        },
        {
          key: 'pdf',
          label: t('registerFile.pdf'),
          icon: <IconFileTypePdf size={18} aria-hidden />,
          make: make('pdf'),
        },
      ]}
    />
  )
}
