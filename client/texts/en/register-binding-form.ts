import type { registerBindingForm as danish } from '../da/register-binding-form.ts'
import type { Same } from '../same.ts'

export const registerBindingForm = {
  bindingForm: {
    make: 'Say what it is for',
    title: 'What is it for?',
    changeTitle: 'Change the purpose',
    adjustTitle: 'Adjust the proposal and accept it',
    adjust: 'Adjust more fields',
    adjustAccept: 'Accept as adjusted',
    save: 'Save',
    activity: 'Processing activity',
    purpose: 'Purpose',
    choose: 'Choose',
    subjects: 'Whom the data are about',
    data: 'Which data',
    allOfThem: 'Tick those that are meant. None ticked means all of them.',
    operations: 'What one must be able to do',
    operationsHelp: 'None ticked means that it is not said.',
    operation: { read: 'Read', write: 'Write', delete: 'Delete', export: 'Export' },
    scope: 'Counts only for',
    scopeHelp: 'If the purpose only counts where the right is limited. Commas in between. Empty means everything.',
    scopes: { kle: 'KLE numbers', unit: 'Numbers of units', sensitivity: 'Sensitivity' },
    until: 'Until and including',
    untilHelp: 'Empty: until it is ended.',
    months: 'Looked at again after months',
    monthsHelp: 'Between 1 and 60.',
    error: {
      activity: 'Choose a processing activity that is in force.',
      purpose: 'Choose one of the purposes of the activity.',
      necessity: 'Write why it is necessary: at least ten characters.',
      months: 'Write after how many months it is looked at again: between 1 and 60.',
    },
  },
} as const satisfies Same<typeof danish>
