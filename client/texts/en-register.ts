import type { daRegister } from './da-register.ts'
import { registerActivities } from './en/register-activities.ts'
import { registerBindings } from './en/register-bindings.ts'
import { registerPackages } from './en/register-packages.ts'
import { registerRecords } from './en/register-records.ts'
import { registerWords } from './en/register-words.ts'
import type { Same } from './same.ts'

export const enRegister: Same<typeof daRegister> = {
  ...registerActivities,
  ...registerBindings,
  ...registerWords, ...registerRecords,
  ...registerPackages,
}
