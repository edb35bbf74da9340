import { EntitySchema } from 'typeorm'

export const installationTable = new EntitySchema({
  name: 'installation',
  columns: {
    key: { type: 'text', primary: true },
    value: { type: 'jsonb' },
    changed_at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
  },
})
