import { registerActivities } from './da/register-activities.ts'
import { registerBindingForm } from './da/register-binding-form.ts'
import { registerBindings } from './da/register-bindings.ts'
import { registerCompliance } from './da/register-compliance.ts'
import { registerDpoHome } from './da/register-dpo-home.ts'
import { registerPackages } from './da/register-packages.ts'
import { registerReach } from './da/register-reach.ts'
import { registerRecords } from './da/register-records.ts'
import { registerTransfer } from './da/register-transfer.ts'
import { registerWords } from './da/register-words.ts'

/** Texts of the register: processing activities, vocabularies, why a right is held. */
export const daRegister = {
  ...registerActivities,
  ...registerBindings,
  ...registerBindingForm,
  ...registerCompliance,
  ...registerDpoHome,
  ...registerWords,
  ...registerRecords,
  ...registerReach,
  ...registerPackages,
  ...registerTransfer,
} as const
