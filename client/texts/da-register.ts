import { registerActivities } from './da/register-activities.ts'

/** Texts of the register: processing activities, vocabularies, why a right is held. */
export const daRegister = { ...registerActivities } as const
