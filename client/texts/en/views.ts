import type { views as danish } from '../da/views.ts'
import type { Same } from '../same.ts'

export const views: Same<typeof danish> = {
  views: {
    title: 'Saved views',
    all: 'Everything',
    save: 'Save view',
    edit: 'Name and sharing',
    update: 'Keep the present filters here',
    remove: 'Remove the view',
    more: 'More about {{name}}',
    name: 'Name',
    nameHint: 'Such as “Care homes, deviations only”. No names of people.',
    nameLacks: 'Give the view a name.',
    nameTaken: 'You have a view with this name already. Choose another.',
    shareWith: 'Share with',
    shareHint: 'Only the filters are shared. Everybody sees the people and systems that they may see themselves.',
    shared: 'Shared',
    sharedBy: 'Shared by {{name}}',
    saved: 'The view {{name}} has been saved',
    changed: 'The view {{name}} has been changed',
    removed: 'The view has been removed',
  },
}
