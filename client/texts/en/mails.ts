import type { mails as da } from '../da/mails.ts'
import type { Same } from '../same.ts'

export const mails: Same<typeof da> = {
  mails: {
    title: 'Mails',
    lead: 'What Hjemmel has written to whom, and whether it arrived.',
    ownTitle: 'My mails',
    ownLead: 'What Hjemmel has written to you. The same text as in the mail.',
    caption: 'Mails with reader, state and text',
    columns: { to: 'To', what: 'What', state: 'State', made: 'Written', do: 'Action' },
    state: {
      waiting: 'Waiting',
      sending: 'Perhaps sent',
      sent: 'Sent',
      shown: 'Shown here only',
      failed: 'Not sent',
    },
    filterState: 'State',
    all: 'All',
    next: 'Tried again {{when}}',
    attempts_one: '{{count}} attempt',
    attempts_other: '{{count}} attempts',
    read: 'Read',
    again: 'Send again',
    againDone: 'The mail is sent within a minute',
    empty: 'No mails',
    emptyHelp: 'Mails are written when somebody has to know something: a task, an approval, a deadline.',
    by: {
      mail: 'Mails are sent to your mail address.',
      'no-server': 'There is no mail server. Everything that would have been sent stands here.',
      'no-address': 'You have no mail address. Everything that would have been sent stands here.',
    },
    noServer: 'No mail server is set up (HJEMMEL_SMTP_URL). Mails are shown here and to their readers.',
    language: 'Language of mails',
    languageIs: { da: 'Danish', en: 'English' },
    languageSet: 'The language is chosen',
    inPlan: 'Mail to {{name}}: {{subject}}',
  },
}
