import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { CELL_STATES, cellState } from './lists.ts'
import * as s from './shapes.ts'

export type CellState = (typeof CELL_STATES)[number]

/** Code of a cell: the state in the low four bits, and whether a right in it has a known end. */
export const CELL_EXPIRES = 16
export const stateOfCode = (code: number): CellState | null => CELL_STATES[(code & 15) - 1] ?? null

/** More people than this are not sent: the reader is asked to narrow the question. */
export const MATRIX_PEOPLE = 20_000

const filter = {
  /** Free text over names, user names and employee numbers. Sent in the body: names stay out of URLs. */
  text: z.string().trim().max(100).optional(),
  /** This unit and everything below it. */
  unit: s.id.optional(),
  /** Without it: everybody but pupils, who are thousands and hold a handful of rights each. */
  kind: s.personKind.optional(),
  status: s.affiliationStatus.optional(),
  area: z.string().max(100).optional(),
  system: s.id.optional(),
  /** Only rights that differ from what they should be. */
  drift: z.boolean().optional(),
  /** Only rights to confidential, special or criminal data. */
  protectedData: z.boolean().optional(),
  privileged: z.boolean().optional(),
  /** Only rights in this state. */
  state: cellState.optional(),
  /** Another day, and what was known of it on a day. */
  asOf: s.civilDate.optional(),
  known: s.civilDate.optional(),
}
export const matrixFilter = z.object(filter)
export type MatrixFilter = z.output<typeof matrixFilter>

/** Columns are systems, or the rights of the systems that `area` or `system` names. */
export const matrixQuery = z
  .object({ ...filter, columns: z.enum(['systems', 'rights']).default('systems') })
  .refine(query => query.columns === 'systems' || query.area !== undefined || query.system !== undefined, {
    path: ['columns'],
    message: 'Rights as columns: name the area or the system whose rights they are',
  })

export const matrixUnit = z.object({
  id: s.id,
  name: z.string(),
  /** Place of the unit above in this list; units stand as a tree is read, from the top down. */
  parent: z.number().int().nullable(),
  level: z.number().int(),
})
export const matrixColumn = z.object({
  /** Of a system or a right; null for an area of the aggregate. */
  id: s.id.nullable(),
  name: z.string(),
  /** The system, where columns are rights. */
  system: z.string().nullable(),
  systemId: s.id.nullable(),
  area: z.string().nullable(),
  /** The most sensitive data that a right in it opens. */
  sensitivity: s.sensitivity,
  privileged: z.boolean(),
})

/**
 * Whether a column is one of those that a reader looks for: each word of it is in the name of the system or the right.
 * Screen, paper and file ask the same, so all three hold the same columns.
 */
export const columnFits = (column: { name: string; system: string | null }, find: string): boolean => {
  const name = `${column.system ?? ''} ${column.name}`.toLocaleLowerCase('da')
  return find
    .toLocaleLowerCase('da')
    .split(/\s+/)
    .every(word => name.includes(word))
}

export const getMatrix = endpoint({
  id: 'getMatrix',
  method: 'POST',
  path: '/rights/matrix',
  kind: 'search',
  large: true,
  permission: 'matrix.read',
  summary: 'Who has what: people by systems or rights, as far as the reader may know, today or on another day',
  body: matrixQuery,
  response: z.object({
    asOf: s.civilDate,
    /** The answer is about another day than today: a cell says what is known of that day, see `readPastCells`. */
    past: z.boolean(),
    /** People who fit; more than are listed when there are more than `MATRIX_PEOPLE`. */
    total: z.number().int(),
    units: z.array(matrixUnit),
    /** All areas that the reader may choose from. */
    areas: z.array(z.string()),
    columns: z.array(matrixColumn),
    people: z.array(
      z.object({
        id: s.id,
        name: z.string().nullable(),
        protected: z.boolean(),
        title: z.string().nullable(),
        /** Place in `units`; null: the unit is not known. */
        unit: z.number().int().nullable(),
      }),
    ),
    /**
     * Cells person by person as little-endian arrays in base64: `starts` (uint32, one a person and one more) says where
     * a person's cells begin in the other three; `columns` uint16, `codes` uint8, `counts` uint8 (rights in the cell,
     * 255 at most).
     */
    cells: z.object({ starts: z.string(), columns: z.string(), codes: z.string(), counts: z.string() }),
  }),
})

export const getHeat = endpoint({
  id: 'getHeat',
  method: 'POST',
  path: '/rights/heat',
  kind: 'search',
  large: true,
  permission: 'matrix.read',
  summary: 'The same in numbers: units by system areas (by systems, where one area is named), and no names',
  body: matrixFilter,
  response: z.object({
    asOf: s.civilDate,
    past: z.boolean(),
    /** People in all. */
    total: z.number().int(),
    areas: z.array(z.string()),
    /** `people`: in the unit and everything below it. */
    units: z.array(matrixUnit.extend({ people: z.number().int() })),
    columns: z.array(matrixColumn),
    /** Four numbers a cell: unit, column, people with a right, people of them with a difference. */
    cells: z.array(z.number().int()),
  }),
})

/** Steps of the flow, from left to right. */
export const FLOW_STEPS = ['group', 'ground', 'system', 'data'] as const
/** More of a step than this are one node, which says how many they are. */
export const FLOW_NODES = 12

const flowChoice = {
  /** What people are grouped by: the part of the organisation below the unit asked for, or their title. */
  by: z.enum(['unit', 'title']).default('unit'),
  /** Only rights that go through this node. */
  through: z.object({ step: z.enum(FLOW_STEPS), key: z.string().max(200) }).optional(),
}

export const getFlow = endpoint({
  id: 'getFlow',
  method: 'POST',
  path: '/rights/flow',
  kind: 'search',
  large: true,
  permission: 'matrix.read',
  summary:
    'From groups of people through the roles and rules that give their rights to systems and the data behind them',
  body: matrixFilter.extend(flowChoice),
  response: z.object({
    asOf: s.civilDate,
    past: z.boolean(),
    /** Names of the unit and the system that are asked for. */
    about: z.object({ unit: z.string().nullable(), system: z.string().nullable() }),
    /** People with some right that is asked for, and their rights. */
    people: z.number().int(),
    rights: z.number().int(),
    /**
     * For each of `FLOW_STEPS` what stands there, most people first. People are counted once a node and once a link, so
     * neither adds up to its neighbours: who comes several ways is in each.
     */
    steps: z.array(
      z.array(
        z.object({
          /** Id of a unit or system, a title, `role:` or `rule:` with its key, a sensitivity; null: all others together. */
          key: z.string().nullable(),
          /** Null where the kind says it: no title, no unit, no rule, others. */
          name: z.string().nullable(),
          kind: z.enum([
            'unit',
            'title',
            'role',
            'rule',
            'exception',
            'unexplained',
            'system',
            'data',
            'none',
            'others',
          ]),
          people: z.number().int(),
          /** How many things it is: 1, but for all others together. */
          of: z.number().int(),
        }),
      ),
    ),
    /** Four numbers a link: the step that it leaves, node there, node of the next step, people. */
    links: z.array(z.number().int()),
  }),
})

export const exportMatrix = endpoint({
  id: 'exportMatrix',
  method: 'POST',
  path: '/rights/matrix/export',
  large: true,
  permission: 'matrix.read',
  summary:
    'What is seen, as XLSX (grid and list, or the boxes and bands of a flow) or CSV (list, or bands). Names that are protected are never in it',
  body: z.object({
    query: matrixQuery,
    /** Only these columns, as on the screen: words in the name of the system or the right. */
    find: z.string().trim().max(100).optional(),
    /** The flow is seen, and not the cells: its boxes and the bands between them. */
    flow: z.object(flowChoice).optional(),
    format: z.enum(['xlsx', 'csv']),
    language: z.enum(['da', 'en']).default('da'),
  }),
  response: z.object({
    fileName: z.string(),
    contentType: z.string(),
    /** The file in base64. */
    content: z.string(),
  }),
})
