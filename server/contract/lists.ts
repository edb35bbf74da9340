import { z } from 'zod'

/*
 * Closed lists that stand in addresses of screens (client/lib/search.ts) besides in requests and answers. They are apart
 * from the endpoints, so that the first screen does not fetch the endpoints of all others.
 */

export const announcementState = z.enum(['draft', 'approved', 'cancelled', 'over'])

/** What somebody should see to. `owner`: neither an owner of its own nor one of its system. */
export const entitlementLack = z.enum(['description', 'owner', 'over-cap'])

/** Shapes of the runs screen: sources, runs, and a run's plan as a diff. */
export const recordKind = z.enum([
  'unit',
  'position',
  'person',
  'affiliation',
  'deputy',
  'system',
  'entitlement',
  'account',
  'group',
  /** A right that a list says an account holds. */
  'held',
])

export const runState = z.enum(['running', 'done', 'held', 'rejected', 'failed'])

export const planOp = z.enum(['add', 'change', 'gone', 'return'])

export const planItemState = z.enum(['planned', 'held', 'applied', 'rejected', 'stale'])

/** What may not be as it should be. One kind, one question that is asked of the data. */
export const FINDING_CODES = [
  /** held, and nothing says it should be */ 'unexplained',
  /** held from before: a rule gave it until the person's job changed */ 'mover',
  /** held although it rests, because of an absence or an emergency lock */ 'still-held',
  /** should be held and is not seen */ 'missing',
  /** an open account, and everybody behind it has left */ 'leaver-active',
  /** a privileged right on the account of the daily work */ 'privileged',
  /** an account that nobody is behind */ 'orphan',
  /** an account with one or more likely people, and no decision */ 'unlinked',
  /** not used for long, where last use is known */ 'dormant',
  /** a shared account without owner, or with sensitive data */ 'shared',
  /** held wider than it was given */ 'outside-limit',
  /** more holders than the licence has room for */ 'licence-over',
  /** hardly anybody in the same unit and position holds it */ 'outlier',
  /** an approved exception that ends soon */ 'exception-ending',
  /** held, and nobody has said what for */ 'no-purpose',
  /** what was said it is for has come to its end */ 'purpose-ended',
  /** held in a system with personal data that no record names */ 'not-in-register',
  /** a record whose purpose has no basis in Art. 6, or no provision that it rests on */ 'no-legal-basis',
  /** Art. 9 or Art. 10 data without the condition that they may be used on */ 'no-condition',
  /** held for an activity that the unit of the holder does not perform */ 'outside-task',
  /** limited to KLE numbers that its activities do not have */ 'kle-wider',
  /** gives more sensitive data than its purpose needs */ 'sensitivity-above',
  /** sensitive, held by many, and limited to nothing */ 'unlimited',
  /** what it is needed for is said in empty words, or the same words as for many others */ 'empty-words',
  /** reaches data that the record does not state */ 'data-not-stated',
  /** more or fewer people reach the activity than its record says */ 'reach-differs',
  /** sensitive data, and nobody could see who has looked, or nobody does look */ 'log-unchecked',
  /** sensitive data with a processor, and no agreement that is looked after */ 'no-agreement',
  /** sensitive data about vulnerable people, and no assessment, or an old one */ 'no-dpia',
  /** data leave the EU and EEA on a ground that is missing or cannot be shown */ 'no-transfer-ground',
  /** rests on consent that nobody checks */ 'consent-unchecked',
] as const

export const findingCode = z.enum(FINDING_CODES)

export const findingSeverity = z.enum(['high', 'medium', 'low'])

export const findingState = z.enum(['open', 'accepted', 'explained', 'removal', 'not-a-finding', 'closed'])
/** What a list of findings asks for: also those that an exception in force has settled. */
export const findingListState = z.enum([...findingState.options, 'exception'])

export const findingOwner = z.enum(['it', 'systemowner', 'activityowner', 'manager'])

/** How old a finding is, in classes that a home and a filter share. */
export const findingAge = z.enum(['week', 'month', 'quarter', 'older'])

/** Which directory groups become which rights: the mappings, and the desk of groups that nobody has mapped. */
export const mappingOrigin = z.enum(['file', 'screen'])

/** What is wrong with a mapping: it catches no group; earlier ones take all it catches; its right is in no catalogue. */
export const mappingIssue = z.enum(['catches-nothing', 'shadowed', 'conflict', 'unknown-right'])

/**
 * What a cell of the matrix says, from harmless to what must be looked at: where several rights of one system stand in
 * one cell, the last of them in this order is what the cell shows. The number in the answer is the place + 1; 0 is
 * nothing at all.
 */
export const CELL_STATES = [
  /** should be; the system is not read (or the question is about a past day), so nobody knows whether it is */ 'not-read',
  /** should be; the person has no account there, which is fine */ 'no-account',
  /** by rule or role, and there */ 'matching',
  /** asked for and approved */ 'direct',
  /** rests: an absence, as the policy says, or an emergency lock */ 'suspended',
  /** there, and legalised by an approved exception */ 'exception',
  /** a difference that rests on an observation too old to say */ 'stale',
  /** should be, is not there */ 'missing',
  /** rests (absence, emergency lock), and is there all the same */ 'still-held',
  /** is there, and nothing says that it should be */ 'unexplained',
] as const

export const cellState = z.enum(CELL_STATES)

export const rightState = z.enum([
  /** should be and is */ 'matching',
  /** should be, is not seen */ 'missing',
  /** is, but nothing says it should be */ 'unexplained',
  /** should be; the system is not read, so nobody knows */ 'not-read',
  /** should be; the person has no account there, which is a valid state and no deviation */ 'no-account',
  /** is, no rule says so, and a dated exception in force makes it legitimate */ 'exception',
  /** differs, but the observation is too old to say whether it still does */ 'stale',
  /** assigned, but it rests (absence, emergency lock): it should not be held now, and is not seen */ 'suspended',
  /** the same, and it is seen: whoever is away or locked out can still use it */ 'still-held',
])

/** What a system in use lacks, or what is due with it: each is a worklist. */
export const systemGap = z.enum([
  'no-owner',
  'no-contract',
  'not-read',
  'no-groups',
  'attest',
  'notice-30',
  'notice-60',
  'notice-90',
])

export const systemGrouping = z.enum(['area', 'supplier', 'owner', 'status'])

export const systemSort = z.enum(['name', 'expected', 'drift', 'criticality', 'attestDue'])

/** `stale`: it was approved, and what it would do is no longer what was approved. */
export const draftState = z.enum(['draft', 'approved', 'applied', 'stale', 'withdrawn'])

/** Against the same date without the draft, or against what holds today (then the date itself is a cause, too). */
export const whatIfBase = z.enum(['same-date', 'today'])

/** `limit`: the same right with other limits. */
export const whatIfEffect = z.enum(['gain', 'loss', 'limit'])

export const systemStatus = z.enum(['planned', 'in-use', 'phasing-out', 'closed'])

/** How rights are read: from directory groups, from a user list, by SCIM, or not yet. */
/** What a system's log holds. */
export const logKept = z.enum(['none', 'changes', 'lookups', 'changes-and-lookups'])
export const systemReading = z.enum(['groups', 'list', 'scim', 'none'])

export const criticality = z.enum(['low', 'medium', 'high', 'critical'])

/** KITOS says `external` for what is either `hosted` (a machine of ours elsewhere) or `saas`. */
export const hosting = z.enum(['on-premise', 'hosted', 'saas', 'hybrid', 'undecided'])

export const orderState = z.enum([
  /** waits for its date, or for what must come before it */ 'planned',
  /** a person does it: see its task */ 'task',
  /** on its way just now */ 'sending',
  /** did not succeed; is tried again by itself */ 'retry',
  /** a person must look */ 'parked',
  /** carried out; the next reading of the system has not been seen yet */ 'done',
  /** carried out, and seen */ 'verified',
  /** no longer needed */ 'cancelled',
  /** taken for true when the system's rung was raised, since nothing can be read there */ 'assumed',
])

export const taskState = z.enum([
  'open',
  /** done, as somebody says; waits for the next reading where there is one */ 'done',
  /** done, and a second person is asked to look */ 'second',
  /** seen to be done */ 'verified',
  'cancelled',
])

/** How a thing stands that is handed out and comes back. */
export const equipmentState = z.enum(['ordered', 'out', 'due-back', 'overdue', 'returned'])
