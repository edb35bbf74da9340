import type { OrderToCarryOut } from '../../orders/connector.ts'
import { fill } from '../../orders/patterns.ts'

/** A user in SCIM's core and enterprise schemas (RFC 7643, 4.1 and 4.3), as far as we say anything of one. Pure. */
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

type Typed = { value?: string; type?: string; primary?: boolean }
export type ScimUser = {
  id: string
  userName: string
  externalId?: string | null
  active?: boolean
  name?: { givenName?: string; familyName?: string }
  displayName?: string
  title?: string
  emails?: Typed[]
  phoneNumbers?: Typed[]
  [ENTERPRISE]?: { employeeNumber?: string; department?: string }
}
export type PatchOp = { op: 'add' | 'replace' | 'remove'; path: string; value?: unknown }

/** What we may be the authority for in a user, and where it stands. */
export const FIELDS = {
  givenName: 'name.givenName',
  familyName: 'name.familyName',
  displayName: 'displayName',
  title: 'title',
  email: 'emails',
  phone: 'phoneNumbers',
  employeeNumber: `${ENTERPRISE}:employeeNumber`,
  department: `${ENTERPRISE}:department`,
} as const
export type Field = keyof typeof FIELDS
export type Patterns = Partial<Record<Field, string>>

export function fieldOf(user: Partial<ScimUser>, field: Field): string | null {
  switch (field) {
    case 'givenName':
    case 'familyName':
      return user.name?.[field] || null
    case 'email':
      return workOf(user.emails)
    case 'phone':
      return workOf(user.phoneNumbers)
    case 'employeeNumber':
    case 'department':
      return user[ENTERPRISE]?.[field] || null
    default:
      return user[field] || null
  }
}
const workOf = (all: Typed[] | undefined) => all?.find(one => one.type === 'work')?.value || null

/** The whole user, for creating one. `externalId` is who it is to us: by it we know our own again. */
export function newUser(order: OrderToCarryOut, patterns: Patterns): object {
  const at = (field: Field) => (patterns[field] === undefined ? null : fill(patterns[field], order))
  const work = (value: string | null) => (value === null ? undefined : [{ value, type: 'work', primary: true }])
  const name = some({ givenName: at('givenName'), familyName: at('familyName') })
  const enterprise = some({ employeeNumber: at('employeeNumber'), department: at('department') })
  return {
    schemas: enterprise ? [USER, ENTERPRISE] : [USER],
    userName: order.account.username,
    externalId: order.person.id,
    active: order.account.enabled,
    ...(name ? { name } : {}),
    ...some({ displayName: at('displayName'), title: at('title') }),
    ...some({ emails: work(at('email')) ?? null, phoneNumbers: work(at('phone')) ?? null }),
    ...(enterprise ? { [ENTERPRISE]: enterprise } : {}),
  }
}
function some(values: Record<string, unknown>): Record<string, unknown> | null {
  const known = Object.entries(values).filter(([, value]) => value !== null)
  return known.length > 0 ? Object.fromEntries(known) : null
}

/** What differs from what we are the authority for, as relative changes; what we say nothing of stays as it is. */
export function fieldOps(order: OrderToCarryOut, user: Partial<ScimUser>, patterns: Patterns): PatchOp[] {
  return (Object.keys(patterns) as Field[]).flatMap((field): PatchOp[] => {
    const wanted = fill(patterns[field]!, order)
    const is = fieldOf(user, field)
    if (wanted === is) return []
    const path = FIELDS[field]
    if (field !== 'email' && field !== 'phone')
      return [wanted === null ? { op: 'remove', path } : { op: 'replace', path, value: wanted }]
    const one = `${path}[type eq "work"]`
    if (wanted === null) return [{ op: 'remove', path: one }]
    // Some servers find nothing to replace where there is none, and say so as an error.
    return is === null
      ? [{ op: 'add', path, value: [{ value: wanted, type: 'work', primary: true }] }]
      : [{ op: 'replace', path: `${one}.value`, value: wanted }]
  })
}
