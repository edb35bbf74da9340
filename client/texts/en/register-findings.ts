import type { registerFindings as da } from '../da/register-findings.ts'
import type { Same } from '../same.ts'

export const registerFindings = {
  code: {
    'no-purpose': 'Without purpose (F02)',
    'purpose-ended': 'Purpose ended (F12)',
    'not-in-register': 'System outside the register (F01)',
    'no-legal-basis': 'Activity without legal basis (F03)',
    'no-condition': 'Article 9 or 10 without condition (F04)',
    'outside-task': 'The unit does not perform the task (F05)',
    'kle-wider': 'More KLE numbers than the task (F06)',
    'sensitivity-above': 'More protected than the purpose (F07)',
    unlimited: 'Broad access without limit (F08)',
    'empty-words': 'Reason without content (F20)',
    'data-not-stated': 'Data outside the register (F21)',
    'reach-differs': 'Another number than stated (F22)',
    'log-unchecked': 'Log without control (F15)',
    'no-agreement': 'No processor agreement (F17)',
    'no-dpia': 'No impact assessment (F18)',
    'no-transfer-ground': 'Transfer without ground (F19)',
    'consent-unchecked': 'Consent without control (F24)',
  },
  what: {
    'no-purpose': 'Somebody holds the right, but nobody has said which activity of the register it is used for.',
    'purpose-ended': 'The binding to the register has expired, or the activity has ended. The right is still there.',
    'not-in-register':
      'Somebody holds rights to personal data in the system, but no activity of the register names it. Name the system on the activity that it is used for.',
    'no-legal-basis':
      'The activity is in force, but a purpose lacks its basis in Article 6 or the law that it rests on. Correct the record, or stop the processing.',
    'no-condition':
      'Special categories (Article 9) or offences (Article 10) are used, but the record states no condition that allows it. State the condition, or limit the access.',
    'outside-task':
      'The right is used for a task that the unit of the person does not perform according to the register. Either the unit is missing in the record, or the right should go.',
    'kle-wider':
      'The right is limited to KLE numbers that none of its activities has. Limit it further, or correct the KLE numbers of the activity.',
    'sensitivity-above':
      'The right gives more protected data than the binding says that the work needs. Choose a smaller right, or say why more is needed.',
    unlimited:
      'Many hold a right to protected data that is not limited to their own unit or cases. Limit it, or take samples of the log.',
    'empty-words':
      'The reason does not say what is needed and why, or it is the same for many rights. Write what the work needs just here.',
    'data-not-stated':
      'The right reaches data that the record does not state. Either they are missing in the record, or the right reaches too far.',
    'reach-differs':
      'The record says how many people have access. Counted from the actual rights it is another number.',
    'log-unchecked':
      'The system holds special categories or data about offences, but lookups are not logged, or the log has not been sampled in time. Turn the log of lookups on, and take a sample.',
    'no-agreement':
      'A supplier runs a system with special categories or data about offences, but there is no processor agreement, or it should have been looked at. Find the agreement, and note its date here.',
    'no-dpia':
      'The activity uses special categories or data about offences of vulnerable people. There is no impact assessment, or it is too old.',
    'no-transfer-ground':
      'Data leave the EU and EEA without a ground that holds, or without anything to show for it. Say the ground and where the document is, or stop the transfer.',
    'consent-unchecked':
      'The activity rests on consent, but nobody has checked in time that consents have been given and can be withdrawn.',
  },
  cause: {
    'no-purpose': 'Rights in {{system}} whose purpose nobody has said',
    'purpose-ended': 'Rights whose purpose has ended',
    'not-in-register': '{{system}} is not in the register',
    'no-legal-basis': '{{activity}}: a purpose lacks its legal basis',
    'no-condition': '{{activity}}: the condition of Article 9 or 10 is missing',
    'outside-task': '{{system}}: units that do not perform the task according to the register',
    'kle-wider': '{{system}}: KLE numbers beyond the task',
    'sensitivity-above': '{{system}}: more protected data than the purpose needs',
    unlimited: '{{system}}: broad access without limit',
    'empty-words': 'Reasons without content',
    'copied-words': 'The same reason on many bindings',
    'data-not-stated': '{{system}}: data that the record does not state',
    'not-in-record': '{{activity}}: bindings name data that the record does not have',
    'reach-differs': '{{activity}}: another number with access than stated',
    'no-read-log': '{{system}}: lookups of protected data are not logged',
    'never-sampled': '{{system}}: no sample of the log',
    'sample-late': '{{system}}: the sample of the log is overdue',
    'no-agreement': '{{system}}: no processor agreement',
    'agreement-late': '{{system}}: the processor agreement should have been looked at',
    'no-dpia': '{{activity}}: no impact assessment',
    'dpia-late': '{{activity}}: the impact assessment is too old',
    'no-ground': '{{activity}}: transfer without a ground',
    'ground-unproven': '{{activity}}: the ground of the transfer cannot be shown, or has run out',
    'consent-unchecked': '{{activity}}: consents have never been checked',
    'control-late': '{{activity}}: the check of consents is overdue',
  },
} as const satisfies Same<typeof da>
