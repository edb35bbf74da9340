import type { daRegister } from './da-register.ts'
import { registerActivities } from './en/register-activities.ts'
import { registerBindingForm } from './en/register-binding-form.ts'
import { registerBindings } from './en/register-bindings.ts'
import { registerCompliance } from './en/register-compliance.ts'
import { registerDpoHome } from './en/register-dpo-home.ts'
import { registerPackages } from './en/register-packages.ts'
import { registerReach } from './en/register-reach.ts'
import { registerRecords } from './en/register-records.ts'
import { registerTransfer } from './en/register-transfer.ts'
import { registerWords } from './en/register-words.ts'
import type { Same } from './same.ts'

export const enRegister: Same<typeof daRegister> = {
  ...registerTransfer,
  ...registerActivities,
  ...registerBindings,
  ...registerBindingForm,
  ...registerCompliance,
  ...registerDpoHome,
  ...registerWords,
  ...registerRecords,
  ...registerReach,
  ...registerPackages,
}
