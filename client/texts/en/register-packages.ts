import type { registerPackages as da } from '../da/register-packages.ts'
import type { Same } from '../same.ts'

export const registerPackages: Same<typeof da> = {
  registerFile: {
    label: 'Fetch as a document',
    docx: 'Word (DOCX)',
    pdf: 'PDF',
    saved: '{{name}} has been fetched.',
  },
}
