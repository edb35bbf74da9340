import type { daFiles } from './da-files.ts'
import type { Same } from './same.ts'

export const enFiles: Same<typeof daFiles> = {
  files: {
    label: 'Fetch file',
    saved: '{{name}} has been fetched.',
    systemRights: 'Users and rights (Excel)',
    systemsData: 'Systems with personal data and erasure limits (Excel)',
    mine: 'Fetch all about me',
    minePdf: 'Everything that Hjemmel knows of me (PDF)',
    mineJson: 'The same for a machine (JSON)',
    person: 'Access under Article 15',
    personPdf: 'Everything that Hjemmel knows of the person (PDF)',
    personJson: 'The same for a machine (JSON)',
    personTitle: 'Why are the data fetched?',
    personHelp: 'The file is for the person. The reason is kept, and the person can see that the file was made.',
    personVerb: 'Fetch the file',
    personNames: 'Name those who have looked at the person or agreed to a purpose',
    personNamesWhy: 'Why are they to be named?',
    personNamesHint:
      'Otherwise they stand by their function. Weigh their interests (Article 15(4)). At least 5 characters, kept in the audit log. Protected names are never shown.',
  },
}
