import { EntitySchema } from 'typeorm'

/** How many people could reach what, week by week; what is drawn over time and compared with today. */
export const reachTables = [
  new EntitySchema({
    name: 'reach_snapshot',
    columns: {
      id: { type: 'uuid', primary: true },
      day: { type: 'date' },
      unit_id: {
        type: 'uuid',
        nullable: true,
        foreignKey: { target: 'org_unit', name: 'reach_snapshot_unit_id_fkey' },
      },
      data_category: { type: 'text' },
      subject_category: { type: 'text' },
      people: { type: 'int' },
      constrained: { type: 'int' },
      unexplained: { type: 'int' },
    },
    indices: [
      {
        name: 'reach_snapshot_whole',
        columns: ['day', 'data_category', 'subject_category'],
        unique: true,
        where: 'unit_id is null',
      },
      {
        name: 'reach_snapshot_unit',
        columns: ['unit_id', 'day', 'data_category', 'subject_category'],
        unique: true,
        where: 'unit_id is not null',
      },
    ],
  }),
] as const
