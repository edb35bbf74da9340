/** Records of processing as files. */
export const registerPackages = {
  registerFile: {
    label: 'Hent som dokument',
    docx: 'Word (DOCX)',
    pdf: 'PDF',
    saved: '{{name}} er hentet.',
  },
} as const
