import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

export const unitNode = z.object({
  id: s.id,
  parentId: s.id.nullable(),
  name: z.string(),
  kind: s.unitKind,
  tree: s.unitTree,
  /** Active affiliations in the unit itself and in it and everything below. */
  people: z.number().int(),
  peopleBelow: z.number().int(),
  manager: s.personRef.nullable(),
  /** The post is vacant: the manager shown was found further up. */
  vacant: z.boolean(),
  children: z.number().int(),
})

export const getOrganisation = endpoint({
  id: 'getOrganisation',
  path: '/org',
  permission: 'unit.read',
  summary: 'The organisation as a tree (one of: administrative, payroll, networks, political, schools)',
  query: z.object({ tree: s.unitTree.default('admin'), asOf: s.civilDate.optional() }),
  response: z.object({ units: z.array(unitNode), asOf: s.civilDate }),
})

export const unitPage = z.object({
  unit: unitNode.extend({
    key: z.string(),
    kle: z.array(z.string()),
    path: z.array(s.unitRef),
    managerFromUnit: s.unitRef.nullable(),
    /** Payroll units that map to this one. */
    payUnits: z.array(s.unitRef),
  }),
  deputies: z.array(
    z.object({
      person: s.personRef,
      kind: z.enum(['permanent', 'dated']),
      from: s.civilDate.nullable(),
      to: s.civilDate.nullable(),
    }),
  ),
  children: z.array(unitNode),
  people: z.array(
    z.object({
      person: s.personRef,
      affiliationId: s.id,
      kind: s.affiliationKind,
      title: z.string().nullable(),
      status: s.affiliationStatus,
      startsOn: s.civilDate.nullable(),
      endsOn: s.civilDate.nullable(),
      onLeave: z.boolean(),
      expected: z.number().int(),
      drift: z.number().int(),
    }),
  ),
  totalPeople: z.number().int(),
  /** Rules that name this unit or one above it, so that people here are caught. */
  rules: z.array(z.object({ key: z.string(), name: z.string() })),
})

export const getUnit = endpoint({
  id: 'getUnit',
  path: '/org/:unitId',
  permission: 'unit.read',
  summary: 'A unit: place in the tree, manager, deputies, people and how they differ',
  params: z.object({ unitId: s.id }),
  query: z.object({ ...s.page.shape }),
  response: unitPage,
  problems: ['not-found'],
})

export const worklistRow = z.object({
  kind: z.enum([
    'unknown-title',
    'unknown-unit',
    'unmapped-pay-unit',
    'unit-cycle',
    'vacant-manager',
    'unknown-person',
    'unknown-manager',
    'no-unit',
    'same-cpr',
    'hire-unconfirmed',
  ]),
  label: z.string(),
  count: z.number().int(),
})
export const getOrgWorklist = endpoint({
  id: 'getOrgWorklist',
  path: '/org-worklist',
  permission: 'unit.worklist',
  summary: 'Titles without a position, units that nobody knows, payroll units without a mapping, cycles',
  response: z.object({ rows: z.array(worklistRow) }),
})
