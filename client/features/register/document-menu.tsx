import { IconBraces, IconFileSpreadsheet, IconFileTypeDocx, IconFileTypePdf } from '@tabler/icons-react'
import { makeRegisterDocument } from '#contract/documents.ts'
import type { BodyInput, QueryInput } from '#contract/endpoint.ts'
import { exportRegister, REGISTER_FILES } from '#contract/register-export.ts'
import { call } from '../../lib/call.ts'
import { useTexts } from '../../texts/i18n.ts'
import { FileMenu } from '../../ui/file-menu.tsx'

type Which = Omit<QueryInput<typeof makeRegisterDocument>, 'format' | 'language'>

type Filter = BodyInput<typeof exportRegister>['filter']

/**
 * Records of processing as a file. `which`: as a document, for somebody who does not sign in here. `filter`: as what is shown
 * today, for a colleague who fills them in and for other programs.
 */
export function DocumentMenu({ which, filter }: { which?: Which | undefined; filter?: Filter | undefined }) {
  const { t, language } = useTexts()
  const make = (format: 'docx' | 'pdf') => () => call(makeRegisterDocument, { query: { ...which, format, language } })
  const documents = [
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
  ]
  const files = REGISTER_FILES.map(what => ({
    key: what,
    label: t(`registerTransfer.file.${what}`),
    icon: JSONS.includes(what) ? <IconBraces size={18} aria-hidden /> : <IconFileSpreadsheet size={18} aria-hidden />,
    make: () => call(exportRegister, { body: { what, language, filter } }),
  }))
  return (
    <FileMenu
      label={t('registerFile.label')}
      saved={name => t('registerFile.saved', { name })}
      items={[...(which ? documents : []), ...(filter ? files : [])]}
    />
  )
}
const JSONS: readonly string[] = ['dpv', 'os2compliance']
