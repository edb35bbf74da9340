import { registerActivities } from './da/register-activities.ts'
import { registerBindings } from './da/register-bindings.ts'
import { registerPackages } from './da/register-packages.ts'
import { registerRecords } from './da/register-records.ts'
import { registerWords } from './da/register-words.ts'

/** Texts of the register: processing activities, vocabularies, why a right is held. */
export const daRegister = { ...registerActivities, ...registerBindings, ...registerWords, ...registerRecords, ...registerPackages } as const
