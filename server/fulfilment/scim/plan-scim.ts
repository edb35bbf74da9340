import { ConnectorFailure, type OrderToCarryOut, type Step, type TargetAccount } from '../../orders/connector.ts'
import { fieldOps, newUser, PATCH, type PatchOp, type Patterns, type ScimUser } from './scim-user.ts'

/** What is left to do of one order, as requests. Pure. */
export type ScimRequest = { method: 'POST' | 'PATCH' | 'DELETE'; path: string; body?: object }
/** What was read, with what the interface has no place for. */
export type ScimTarget = TargetAccount & {
  user: ScimUser
  /** The group that a carrier names, and whether the account is a member; null: there is no such group. */
  groups: Readonly<Record<string, { id: string; member: boolean } | null>>
}
export type ScimPlan = { attributes: Patterns; onDelete: 'delete' | 'deactivate' }

export function planScim(order: OrderToCarryOut, now: ScimTarget | null, settings: ScimPlan): Step[] {
  const { action, account } = order
  if (!now) {
    if (action === 'create')
      return [step('Create the user', { method: 'POST', path: '/Users', body: newUser(order, settings.attributes) })]
    if (action === 'delete' || action === 'disable' || action === 'revoke') return []
    throw new ConnectorFailure('refused', 'There is no such user')
  }
  const { user } = now
  const patch = (say: string, ops: PatchOp[]) =>
    ops.length === 0 ? [] : [step(say, patchOf(`/Users/${encodeURIComponent(user.id)}`, ops))]
  switch (action) {
    case 'create':
      return []
    case 'enable':
    case 'disable': {
      const active = action === 'enable'
      return user.active === active
        ? []
        : patch(active ? 'Open the user' : 'Close the user', [{ op: 'replace', path: 'active', value: active }])
    }
    case 'rename': {
      const named = user.userName === account.username
      const ops: PatchOp[] = named ? [] : [{ op: 'replace', path: 'userName', value: account.username }]
      return patch('Rename the user', [...ops, ...fieldOps(order, user, settings.attributes)])
    }
    case 'move':
    case 'set':
      return patch('Change details of the user', fieldOps(order, user, settings.attributes))
    case 'grant':
    case 'revoke':
      return groupSteps(order, now)
    case 'delete':
      if (settings.onDelete === 'deactivate')
        return user.active === false ? [] : patch('Close the user', [{ op: 'replace', path: 'active', value: false }])
      if (user.active === true)
        throw new ConnectorFailure('refused', 'The user is open again: nobody in use is deleted. Close it first.')
      return [step('Delete the user', { method: 'DELETE', path: `/Users/${encodeURIComponent(user.id)}` })]
    default:
      throw new ConnectorFailure('refused', `${action} is nothing that a directory of users can do`)
  }
}

function groupSteps({ action, right }: OrderToCarryOut, { user, groups }: ScimTarget): Step[] {
  const carriers = right?.carriers ?? []
  if (carriers.length === 0)
    throw new ConnectorFailure('refused', 'No group carries this right. Map one to it, or give the order to a person.')
  return carriers.flatMap((carrier): Step[] => {
    const group = groups[carrier]
    if (!group) {
      if (action === 'revoke') return []
      throw new ConnectorFailure('refused', `There is no group ${carrier}`)
    }
    if (group.member === (action === 'grant')) return []
    const path = `/Groups/${encodeURIComponent(group.id)}`
    const op: PatchOp =
      action === 'grant'
        ? { op: 'add', path: 'members', value: [{ value: user.id }] }
        : { op: 'remove', path: `members[value eq ${JSON.stringify(user.id)}]` }
    return [step(`${action === 'grant' ? 'Add to' : 'Remove from'} the group ${carrier}`, patchOf(path, [op]))]
  })
}

const patchOf = (path: string, ops: PatchOp[]): ScimRequest => ({
  method: 'PATCH',
  path,
  body: { schemas: [PATCH], Operations: ops },
})
const step = (say: string, change: ScimRequest): Step => ({ say, change })
