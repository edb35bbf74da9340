import type { changes as da } from '../da/changes.ts'
import type { Same } from '../same.ts'

export const changes: Same<typeof da> = {
  changes: {
    title: 'Changes of rules',
    lead: 'Changes that the brake holds back, and the latest that were let through.',
    waitingTitle: 'Waiting for approval',
    waitingNone: 'No changes are waiting',
    waitingNoneHelp: 'A change of rules that touches many stands here until another person has approved it.',
    decidedTitle: 'Let through',
    decidedCaption: 'The latest changes of rules with when, who and how many they touched',
    decidedNone: 'No changes of rules yet',
    by: 'Imported by {{who}} {{when}}',
    own: 'You imported this change yourself. Somebody else who may import rules must approve it.',
    notYours: 'It must be approved by somebody who may import rules.',
    approve: 'Approve the change',
    confirm: 'The change takes effect at once.',
    confirmPeople_one: '{{count}} person is touched: {{gains}} rights are given and {{losses}} removed.',
    confirmPeople_other: '{{count}} people are touched: {{gains}} rights are given and {{losses}} removed.',
    approved: 'The change is approved and in force',
    stale: 'Rules or people have changed since. Whoever imported the file must import it again.',
    banner_one: '{{count}} change of rules is waiting for approval',
    banner_other: '{{count}} changes of rules are waiting for approval',
    see: 'See changes of rules',
    columns: { when: 'Imported', by: 'By', state: 'State', decided: 'Approved by', what: 'Rules', people: 'People' },
    state: { held: 'Waiting', applied: 'In force', stale: 'Out of date' },
    alone: 'Not held back',
    counts: '{{added}} new, {{changed}} changed, {{removed}} removed',
    guard: {
      'rules-losses': 'Too many people lose something',
      'rules-gains': 'Too many people get something',
      'rules-last-administrator': 'Nobody would hold {{part}} any more',
    },
    limit: '{{count}} people; the limit is {{limit}}',
    lastHolders_one: '{{count}} affiliation holds the right now',
    lastHolders_other: '{{count}} affiliations hold the right now',
  },
}
