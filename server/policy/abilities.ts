import { Ability, type AbilityTuple, fieldPatternMatcher } from '@casl/ability'
import type { ToolRole } from '#contract/permissions.ts'
import type { TokenRight } from '#contract/tokens.ts'
import type { Actor, Program } from './actor.ts'
import { conditionMatcher } from './condition-matcher.ts'
import { can, inUnits, NOT_PUPIL, OTHER, type PolicyRule, type Rules, STAFF, STAFF_AFFILIATIONS } from './rule-parts.ts'
import { approvals, ownDrafts, reportRules, shifts, unitRules } from './unit-rules.ts'

/**
 * Fields that not everybody who may see a record may see.
 * Person: `protectedName` the name of somebody whose name is protected; `contact`; `cpr` masked; `history`.
 * Affiliation: `details`; `leave` the kind of a leave. Account: `details`; `lastSignIn` the instant.
 */
export const FIELDS = {
  Person: ['basic', 'protectedName', 'contact', 'cpr', 'history', 'lookups'],
  Affiliation: ['basic', 'details', 'leave'],
  Account: ['basic', 'details', 'lastSignIn'],
} as const

export type PolicyAbility = Ability<AbilityTuple<string, string | Record<PropertyKey, unknown>>>

type Settings = {
  /** It is recorded that the MED organisation has discussed last use and employees have been told (domain.md). */
  lastUseDiscussed: boolean
}

/**
 * The rules of one actor: the union over their roles, each in its scope. There are no inverted rules on purpose: a
 * second role can only add, and no rule at all is nothing. The widest role stands last, because CASL names the last
 * matching rule, and that names the function under which a lookup is logged.
 */
export function rulesFor(actor: Actor, settings: Settings = { lastUseDiscussed: false }): PolicyRule[] {
  if (actor.program) return programRules(actor.program)
  const onCall = actor.onCall ? ON_CALL.map(rule => ({ ...rule, role: 'employee' as const })) : []
  const tends = tasksOf(actor.tends ?? []).map(rule => ({ ...rule, role: 'employee' as const }))
  const ofRoles = ORDER.filter(role => actor.roles.includes(role)).flatMap(role => {
    const rules = ROLE_RULES[role](actor, settings)
    const all = role === 'employee' || rules.length === 0 ? rules : [...rules, ...viewRules(actor)]
    return all.map(rule => ({ ...rule, role }))
  })
  const keeps = (actor.keeps ? keeping(actor) : []).map(rule => ({ ...rule, role: 'employee' as const }))
  return [...onCall, ...tends, ...keeps, ...ofRoles]
}

/** Whoever answers for a record of processing reads and changes it, whatever else they may. */
const keeping = (actor: Actor): Rules =>
  actor.personId === null
    ? []
    : (['read', 'change'] as const).map(action => can(action, 'Activity', { ownerPersonId: actor.personId }))

/** Whoever leads, or owns a system, reads the register and may begin a record that they answer for themselves. */
const registerOf = (actor: Actor): Rules => [
  can('read', 'Activity'),
  ...(actor.personId === null
    ? []
    : [
        can('change', 'Activity', { ownerPersonId: actor.personId }),
        // What does not fit about the own records, where it is about nobody in particular.
        ...(['read', 'decide'] as const).map(action =>
          can(action, 'Finding', { activityOwnerId: actor.personId, personId: null }),
        ),
      ]),
]

/** Puts a record in force: whoever leads, or stands in for, a unit at or above one of those that are responsible. */
const decidesFor = (units: readonly string[]): Rules =>
  units.length === 0 ? [] : [can('decide', 'Activity', { unitPath: inUnits(units) })]

/** Whoever is named for the tasks of systems does them, whatever else they may, and agrees to its rights for the owner. */
const tasksOf = (systems: readonly string[]): Rules =>
  systems.length === 0
    ? []
    : [
        ...(['read', 'decide'] as const).map(action =>
          can(action, 'Task', { personKind: NOT_PUPIL, systemId: { $in: [...systems] } }),
        ),
        ...approvals({ via: 'owner', systemId: { $in: [...systems] } }),
      ]

/** A program may do what its token says, for the source that it speaks for. */
function programRules({ rights, feed }: Program): PolicyRule[] {
  return rights.map(right => ({ ...TOKEN_RULES[right](feed), role: 'program' }))
}
const TOKEN_RULES: Record<TokenRight, (feed: string) => Omit<PolicyRule, 'role'>> = {
  'hr-event.send': feed => can('send', 'HrEvent', { feed }),
}

/** Whoever sees lists keeps views of them: the own ones, and to look at those shared with a role that one has. */
const viewRules = (actor: Actor): Rules => [
  can('read', 'SavedView', { ownerId: actor.userId }),
  can('change', 'SavedView', { ownerId: actor.userId }),
  can('read', 'SavedView', { sharedWith: { $in: [...actor.roles] } }),
]

const ORDER: readonly ToolRole[] = [
  'employee',
  'reporter',
  'systemowner',
  'auditor',
  'it',
  'admin',
  'dpo',
  'hr',
  'deputy',
  'manager',
]

/** Whoever is on call may lock and lift for that time, whatever else they are. */
const ON_CALL: Rules = (['read', 'change', 'approve'] as const).map(action => ({ action, subject: 'Lock' as const }))

/** See, say, and agree to what rights are for. */
const BINDINGS = ['read', 'change', 'approve'] as const

/** See, set, lift, and say who is on call. */
const LOCKS = ['read', 'change', 'approve', 'grant'] as const

/** See what must not be deleted, and say so. */
const HOLDS: Rules = (['read', 'change'] as const).map(action => ({ action, subject: 'Hold' as const }))

const ROLE_RULES: Record<ToolRole, (actor: Actor, settings: Settings) => Rules> = {
  // My rights and why; nobody else's.
  employee: actor =>
    actor.personId === null
      ? []
      : [
          can('read', 'Self', { id: actor.personId }),
          can('read', 'Person', { id: actor.personId }, [...FIELDS.Person]),
          can('read', 'Affiliation', { personId: actor.personId }, [...FIELDS.Affiliation]),
          can('read', 'Account', { personId: actor.personId }, [...FIELDS.Account]),
          can('read', 'Right', { personId: actor.personId }),
          ...shifts({ unitId: inUnits(actor.worksIn ?? []) }, actor.worksIn ?? []),
          // A right may be its own owner's to agree to, whoever that is.
          ...(actor.agrees ? approvals({ via: 'right', approverId: actor.personId }) : []),
        ],

  // People with something in the own systems, and that part of their rights only.
  systemowner: actor =>
    actor.systems.length === 0
      ? []
      : [
          can('read', 'System'),
          can('change', 'System', { id: { $in: [...actor.systems] } }),
          can('export', 'System', { id: { $in: [...actor.systems] } }),
          can('change', 'Entitlement', { systemId: { $in: [...actor.systems] } }),
          // The owner of a system answers for what its rights are for.
          ...BINDINGS.map(action => can(action, 'Binding', { systemId: { $in: [...actor.systems] } })),
          ...rectifies({ personKind: NOT_PUPIL, office: 'systemowner', systemId: { $in: [...actor.systems] } }),
          can('read', 'Mapping', { systemId: { $in: [...actor.systems] } }),
          can('change', 'Mapping', { systemId: { $in: [...actor.systems] } }),
          can('verify', 'Right', { systemId: { $in: [...actor.systems] }, personKind: { $in: [...STAFF, null] } }),
          can('read', ['Order', 'Task'], { personKind: NOT_PUPIL, systemId: { $in: [...actor.systems] } }),
          can('decide', 'Task', { personKind: NOT_PUPIL, systemId: { $in: [...actor.systems] } }),
          can('read', 'Person', { kind: NOT_PUPIL, systemIds: { $in: [...actor.systems] } }, ['basic']),
          can('read', 'Affiliation', { kind: STAFF_AFFILIATIONS }, ['basic']),
          can('read', 'Account', { personKind: { $in: [...STAFF, null] }, systemIds: { $in: [...actor.systems] } }, [
            'basic',
          ]),
          can('read', 'Right', { systemId: { $in: [...actor.systems] }, personKind: { $in: [...STAFF, null] } }),
          can('read', 'Finding', { systemId: { $in: [...actor.systems] }, personKind: { $in: [...STAFF, null] } }),
          can('decide', 'Finding', { systemId: { $in: [...actor.systems] }, personKind: { $in: [...STAFF, null] } }),
          can('read', 'Mining', { systemId: { $in: [...actor.systems] } }),
          can('change', 'Mining', { systemId: { $in: [...actor.systems] } }),
          ...approvals({ via: 'owner', systemId: { $in: [...actor.systems] } }),
          ...registerOf(actor),
        ],

  manager: actor => [
    ...unitRules(actor.units, actor.schools),
    ...reportRules(actor, actor.units),
    ...(actor.units.length === 0 ? [] : registerOf(actor)),
    ...decidesFor(actor.units),
  ],
  deputy: actor => [
    ...unitRules(actor.actingFor, actor.schools),
    ...reportRules(actor, actor.actingFor),
    ...(actor.actingFor.length === 0 ? [] : registerOf(actor)),
    ...decidesFor(actor.actingFor),
  ],

  // Prepares reports for named units, and sees who works there; the manager sends.
  reporter: actor => {
    const units = actor.reportsFor ?? []
    if (units.length === 0) return []
    return [
      can('read', 'Person', { kind: NOT_PUPIL, status: 'active', unitIds: inUnits(units) }, ['basic']),
      can('read', 'Affiliation', { kind: STAFF_AFFILIATIONS, unitPath: inUnits(units) }, ['basic']),
      can('read', ['Unit', 'System']),
      can('read', 'Case', { ...OTHER, secret: false, unitPath: inUnits(units) }),
      can('change', 'Case', { ...OTHER, secret: false, unitPath: inUnits(units) }),
      ...ownDrafts(actor),
      ...shifts({ unitPath: inUnits(units) }, units),
      can('read', 'Handover', { ...OTHER, secret: false, unitPath: inUnits(units) }),
    ]
  },

  // Everybody but pupils, with what is protected; runs and rules to read.
  hr: () => [
    can('read', 'Person', { kind: NOT_PUPIL }, ['basic', 'protectedName', 'contact', 'cpr', 'history']),
    can('reveal', 'Person', { kind: NOT_PUPIL }, ['cpr']),
    can('merge', 'Person', { kind: NOT_PUPIL }),
    // What is known of a person, for the person who asks (Art. 15).
    can('export', 'Person', { kind: NOT_PUPIL }),
    can('read', 'PersonMatch'),
    can('read', 'Affiliation', { kind: STAFF_AFFILIATIONS }, [...FIELDS.Affiliation]),
    can('read', 'Account', { personKind: NOT_PUPIL }, ['basic', 'details']),
    can('read', 'Right', { personKind: NOT_PUPIL }),
    // From which hour of the day before a start counts, and until which hour of the day after an end is on time.
    can('change', 'Unit'),
    can('read', ['Unit', 'System', 'Rule', 'Run', 'Worklist', 'AccessPolicy']),
    ...LOCKS.map(action => can(action, 'Lock', { personKind: NOT_PUPIL })),
    can('read', ['Order', 'Task'], { personKind: NOT_PUPIL }),
    ...(['read', 'change', 'send', 'conceal'] as const).map(action => can(action, 'Case', OTHER)),
    can('read', 'CaseApproval'),
    ...approvals({ via: 'hr' }),
    can('read', 'Handover', OTHER),
    can('read', 'Shift'),
    can('approve', 'Shift', { asked: 'other' }),
    can('read', ['HrEvent', 'AffiliationMatch', 'LeadTimes']),
    can('decide', ['HrEvent', 'AffiliationMatch']),
    can('read', 'Activity'),
    ...rectifies({ personKind: NOT_PUPIL, office: 'hr' }),
    // A case at law is HR's to know of; who has not been told is followed up here, also on paper.
    ...HOLDS,
    can('read', ['Compliance', 'Notice']),
    can('change', 'Notice'),
  ],

  it: (actor, settings) => [...itRules(settings), ...whatIfRules(actor)],
  admin: (actor, settings) => [
    ...itRules(settings),
    ...whatIfRules(actor),
    can('read', 'LocalRole'),
    can('grant', 'LocalRole'),
    // Looks after the adviser's own lookups, as the adviser looks after the administrator's.
    can('read', 'LookupSample'),
    can('verify', 'LookupSample', { by: 'other' }),
  ],

  // Reads everything, changes nothing.
  dpo: () => [
    can('read', 'Person', undefined, ['basic', 'contact', 'history', 'lookups']),
    can('read', 'Affiliation', undefined, ['basic', 'details']),
    can('read', 'Account', undefined, ['basic', 'details']),
    can('read', [
      'Right',
      'Unit',
      'System',
      'Rule',
      'Run',
      'Source',
      'Worklist',
      'Audit',
      'LocalRole',
      'LinkCase',
      'PersonMatch',
      'AccountRule',
      'Mapping',
      'Mining',
    ]),
    can('read', 'WhatIf', { shared: true }),
    can('read', ['Lock', 'AccessPolicy']),
    can('read', ['Finding', 'Order', 'Task']),
    can('read', ['Case', 'Handover'], { ...OTHER, secret: false }),
    can('read', ['HrEvent', 'AffiliationMatch', 'Token', 'LeadTimes']),
    can('export', 'System'),
    can('verify', 'Audit'),
    can('start', 'Package'),
    can('export', 'Person'),
    // Whether somebody is told who the others are is weighed for each who asks (Art. 15(4)).
    can('reveal', 'NamedOthers'),
    can('read', 'Activity'),
    can('verify', 'Activity'),
    can('read', ['Binding', 'Rectification']),
    // Lets go what the table says, and holds what must stay; what the table says is not the adviser's to decide.
    can('read', ['Compliance', 'Notice', 'LookupSample']),
    can('start', 'Compliance'),
    ...HOLDS,
    can('verify', 'LookupSample', { by: 'other' }),
  ],

  // Time-boxed reading with evidence. Pupils are outside what an audit of employees' rights needs.
  auditor: () => [
    can('read', 'Person', { kind: NOT_PUPIL }, ['basic', 'history']),
    can('read', 'Affiliation', { kind: STAFF_AFFILIATIONS }, ['basic', 'details']),
    can('read', 'Account', { personKind: { $in: [...STAFF, null] } }, ['basic', 'details']),
    can('read', 'Right', { personKind: { $in: [...STAFF, null] } }),
    can('read', ['Unit', 'System', 'Rule', 'Run', 'Source', 'Audit', 'LocalRole', 'AccountRule', 'Mapping', 'Mining']),
    can('read', 'WhatIf', { shared: true }),
    can('read', ['Finding', 'Order', 'Task'], { personKind: { $in: [...STAFF, null] } }),
    can('read', 'Lock', { personKind: NOT_PUPIL }),
    can('read', 'AccessPolicy'),
    can('read', ['Case', 'Handover'], { ...OTHER, secret: false }),
    can('read', ['HrEvent', 'AffiliationMatch', 'Token', 'LeadTimes']),
    can('export', 'System'),
    can('verify', 'Audit'),
    // A package is reading with evidence: it changes nothing.
    can('start', 'Package'),
    can('read', ['Activity', 'Binding']),
    can('read', 'Rectification', { personKind: NOT_PUPIL }),
    can('read', ['Compliance', 'LookupSample']),
  ],
}

/** Who answers for something sees that somebody says it is wrong, and answers. */
const rectifies = (which: Record<string, unknown>): Rules =>
  (['read', 'decide'] as const).map(action => can(action, 'Rectification', which))

const CATALOGUE = [
  'system',
  'responsible',
  'contact',
  'task-deputy',
  'right',
  'account',
  'account-rule',
  'rule',
  'exception',
]

/** Drafts of changes: the own ones, and those that somebody has shared, for instance for an approval. */
const whatIfRules = (actor: Actor): Rules =>
  (['read', 'change'] as const).flatMap(action => [
    can(action, 'WhatIf', { ownerId: actor.userId }),
    can(action, 'WhatIf', { shared: true }),
  ])

function itRules({ lastUseDiscussed }: Settings): Rules {
  return [
    can('read', 'Person', undefined, ['basic', 'contact', 'history']),
    can('read', 'Affiliation', undefined, ['basic', 'details']),
    can('read', 'Account', undefined, ['basic', 'details']),
    // Last use of a person's own account is about how people work; of machines' and administrators' it is not.
    can(
      'read',
      'Account',
      lastUseDiscussed ? undefined : { kind: { $in: ['shared', 'service', 'admin', 'test', 'ward-tablet'] } },
      ['lastSignIn'],
    ),
    can('read', ['Right', 'Unit', 'System', 'Rule', 'Run', 'Worklist', 'AccessPolicy']),
    can('change', ['AccessPolicy', 'Unit']),
    ...LOCKS.map(action => can(action, 'Lock')),
    can('grant', 'Right'),
    can('verify', 'Right'),
    can('read', ['Finding', 'Order', 'Task']),
    can('decide', ['Finding', 'Order', 'Task']),
    // Of what leavers answer for, that which is kept here: reports themselves are no business of IT's.
    can('read', 'Handover', { ...OTHER, secret: false, kind: { $in: CATALOGUE } }),
    can('change', 'Delivery'),
    can('approve', 'Delivery'),
    can('start', 'Delivery'),
    can('change', 'Finding'),
    can('import', ['Rule', 'System']),
    can('export', 'System'),
    can('start', 'Package'),
    can('change', 'Rule'),
    can('start', 'Run'),
    can('approve', 'Run'),
    can('read', 'Source'),
    can('change', 'Source'),
    can('read', ['HrEvent', 'Token']),
    can('change', 'Token'),
    can('read', 'Mail'),
    can('send', 'Mail'),
    can('change', ['System', 'Entitlement', 'Mapping']),
    can('read', ['Mapping', 'Mining']),
    can('change', 'Mining'),
    can('read', ['LinkCase', 'PersonMatch', 'AccountRule']),
    can('decide', 'LinkCase'),
    can('change', 'AccountRule'),
    // HR may not know of pupils, so who keeps the accounts of the schools settles which pupils are one.
    can('merge', 'Person', { kind: 'pupil' }),
    // What was done to the tool; who looked at whom is for the DPO and the auditor.
    can('read', 'Audit', { lookup: false, personId: null }),
    can('verify', 'Audit'),
    can('read', 'Activity'),
    can('change', ['Activity', 'Vocabulary']),
    ...BINDINGS.map(action => can(action, 'Binding')),
    // What owners answer for too: a system may have lost its owner.
    ...rectifies({ office: { $in: ['it', 'systemowner'] } }),
    // Of pupils HR may not know, so what is known of them is put right here.
    ...rectifies({ personKind: 'pupil', office: 'hr' }),
    can('decide', 'Activity'),
    can('read', 'Compliance'),
    can('change', 'Compliance'),
    can('start', 'Compliance'),
  ]
}

/** The ability over those rules, with the product's own conditions (no regular expressions, a missing value never matches). */
export function abilityOf(rules: readonly PolicyRule[]): PolicyAbility {
  return new Ability(rules as never, {
    conditionsMatcher: conditionMatcher as never,
    fieldMatcher: fieldPatternMatcher,
  }) as never
}
