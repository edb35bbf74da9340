import type { leftAlone as danish } from '../da/left-alone.ts'
import type { Same } from '../same.ts'

export const leftAlone: Same<typeof danish> = {
  'account-protected': 'The account is protected and is not touched.',
  'account-out-of-scope': 'The account stands outside the places that the connector may write.',
  'account-of-another': 'The user name is there in the system, but the account is not known to be the person’s.',
  'group-protected': 'The group is protected and is not touched.',
  'group-out-of-scope': 'The group stands outside the places that the connector may write.',
}
