import { EntitySchema } from 'typeorm'

const CLASSES = `class in ('basic', 'ordinary', 'sensitive', 'privileged', 'kit')`

/** What differs from the defaults in `absence-policy.ts` and `grace-policy.ts`. */
export const policyTables = [
  new EntitySchema({
    name: 'absence_policy',
    columns: {
      absence: { type: 'text', primary: true },
      class: { type: 'text', primary: true },
      effect: { type: 'text' },
    },
    checks: [
      {
        name: 'absence_policy_absence_check',
        expression: `absence in ('parental', 'sick', 'other', 'suspension')`,
      },
      { name: 'absence_policy_class_check', expression: CLASSES },
      { name: 'absence_policy_effect_check', expression: `effect in ('keep', 'suspend')` },
    ],
  }),
  new EntitySchema({
    name: 'grace_policy',
    columns: { class: { type: 'text', primary: true }, days: { type: 'int' } },
    checks: [
      { name: 'grace_policy_class_check', expression: CLASSES },
      { name: 'grace_policy_days_check', expression: 'days between 0 and 90' },
    ],
  }),
] as const
