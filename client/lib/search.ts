import { z } from 'zod'
import { activityAttention, activityKind, activityStanding } from '#contract/activity-lists.ts'
import { matchState } from '#contract/affiliation-matches.ts'
import { saidOrigin, saidState } from '#contract/fact-inbox.ts'
import { eventState } from '#contract/hr-events.ts'
import {
  approvalState,
  boardBucket,
  boardLack,
  caseDoor,
  caseKind,
  caseStage,
  proofShow,
} from '#contract/lifecycle-lists.ts'
import {
  announcementState,
  cellState,
  criticality,
  draftState,
  entitlementLack,
  equipmentState,
  findingAge,
  findingCode,
  findingListState,
  findingOwner,
  findingSeverity,
  hosting,
  mappingIssue,
  mappingOrigin,
  orderState,
  planItemState,
  planOp,
  recordKind,
  rightState,
  runState,
  systemGap,
  systemGrouping,
  systemReading,
  systemSort,
  systemStatus,
  taskState,
  whatIfBase,
  whatIfEffect,
} from '#contract/lists.ts'
import { mailState } from '#contract/mail-lists.ts'
import { bindingLevel, confidence, operation, rectificationState } from '#contract/register-lists.ts'
import * as shape from '#contract/shapes.ts'

/*
 * What stands in the address of each screen. Names of people never do: free text about people is kept in the history
 * entry instead (lib/history-text.ts). A value that is not understood is dropped, so an old link still opens.
 */
const soft = <T extends z.ZodType>(type: T) => type.optional().catch(undefined)
const flag = soft(z.boolean())
const text = soft(z.string().max(200))
const days = soft(z.number().int().min(0).max(366))
const offset = soft(z.number().int().min(0))

export const signInSearch = z.object({ to: text, why: soft(z.enum(['expired', 'signed-out'])) })
export const peopleSearch = z.object({
  kind: soft(shape.personKind),
  status: soft(shape.affiliationStatus),
  unit: soft(shape.id),
  system: soft(shape.id),
  rule: text,
  drift: flag,
  protectedData: flag,
  unexplained: flag,
  locked: flag,
  onLeave: flag,
  startsWithin: days,
  endsWithin: days,
  leavesWithin: days,
  sort: soft(z.enum(['name', 'unit', 'title', 'expected', 'drift'])),
  descending: flag,
  offset,
})
/** Another day in the world, and the day on which it was known: on every page that can be seen as it was. */
const moment = { asOf: soft(shape.civilDate), known: soft(shape.civilDate) }
/** Two days that are compared. */
const between = { from: soft(shape.civilDate), to: soft(shape.civilDate) }
export const personTab = z.enum(['rights', 'reach', 'affiliations', 'accounts', 'timeline', 'lifecycle', 'changes'])
export const rightsFilter = z.enum([
  'diff',
  'matching',
  'missing',
  'unexplained',
  'exception',
  'stale',
  'suspended',
  'still-held',
  'no-account',
  'not-read',
  'protected',
])
export type RightsFilter = z.output<typeof rightsFilter>
export const personSearch = z.object({
  tab: soft(personTab),
  show: soft(rightsFilter),
  /** Key of the right that the inspector explains. */
  right: text,
  ...moment,
  ...between,
  offset,
})
export const compareSearch = z.object({ a: soft(shape.id), b: soft(shape.id), ...moment })
export const orgSearch = z.object({ tree: soft(shape.unitTree), asOf: soft(shape.civilDate) })
export const unitSearch = z.object({
  tab: soft(z.enum(['people', 'rights', 'siblings', 'drift', 'changes'])),
  ...moment,
  ...between,
  offset,
})
export const inboxSearch = z.object({
  state: soft(eventState),
  feed: text,
  name: text,
  notes: flag,
  offset,
})
export const saidSearch = z.object({ origin: soft(saidOrigin), state: soft(saidState), offset })
export const matchingSearch = z.object({ state: soft(matchState), match: soft(shape.id), offset })
export const ordersSearch = z.object({
  state: soft(orderState),
  system: soft(shape.id),
  person: soft(shape.id),
  open: flag,
  offset,
})
export const equipmentSearch = z.object({
  state: soft(equipmentState),
  system: soft(shape.id),
  person: soft(shape.id),
  offset,
})
export const tasksSearch = z.object({
  state: soft(taskState),
  system: soft(shape.id),
  person: soft(shape.id),
  own: flag,
  coming: flag,
  escalated: flag,
  offset,
})
export const activitiesSearch = z.object({
  text,
  area: text,
  kind: soft(activityKind),
  standing: soft(activityStanding),
  attention: soft(activityAttention),
  month: text,
  system: soft(shape.id),
  own: flag,
  decide: flag,
  offset,
})
export const activitySearch = z.object({
  tab: soft(z.enum(['access', 'findings', 'records', 'versions', 'comments'])),
  asOf: soft(shape.civilDate),
  known: soft(shape.civilDate),
  version: soft(shape.id),
  against: soft(shape.id),
})
export const vocabularySearch = z.object({ kind: text, text, state: text, offset })
export const activityCatalogueSearch = z.object({ text, area: text, adopted: text, offset })
export const activityNewSearch = z.object({ kind: soft(activityKind) })
export const systemsSearch = z.object({
  text,
  area: text,
  read: flag,
  reading: soft(systemReading),
  status: soft(systemStatus),
  criticality: soft(criticality),
  hosting: soft(hosting),
  supplier: text,
  gap: soft(systemGap),
  own: flag,
  team: flag,
  group: soft(systemGrouping),
  sort: soft(systemSort),
  descending: flag,
  offset,
})
/** The day as of which the sheet is shown. */
export const sheetSearch = z.object({ at: soft(shape.civilDate) })
export const systemMapSearch = z.object({
  system: soft(shape.id),
  steps: soft(z.number().int().min(1).max(2)),
  area: text,
})
export const systemSearch = z.object({
  tab: soft(z.enum(['holders', 'register', 'behind', 'time', 'changes'])),
  ...moment,
  ...between,
  entitlement: soft(shape.id),
  state: soft(rightState),
  offset,
})
export const rightsSearch = z.object({
  view: soft(z.enum(['heat', 'matrix', 'flow', 'list'])),
  unit: soft(shape.id),
  kind: soft(shape.personKind),
  area: text,
  system: soft(shape.id),
  /** Part of a system's name; names of people never stand here. */
  find: text,
  drift: flag,
  protectedData: flag,
  privileged: flag,
  state: soft(cellState),
  columns: soft(z.enum(['systems', 'rights'])),
  group: soft(z.enum(['unit', 'none'])),
  /** Of the flow: what people are grouped by, the node that all goes through (`system:` and its id), figures as a table. */
  by: soft(z.enum(['unit', 'title'])),
  through: text,
  table: flag,
  asOf: soft(shape.civilDate),
  known: soft(shape.civilDate),
  offset,
})
export type RightsSearch = z.output<typeof rightsSearch>
export const accountsSearch = z.object({
  situation: soft(shape.linkSituation),
  source: text,
  kind: soft(shape.accountKind),
  enabled: flag,
  unused90: flag,
  leaver: flag,
  offset,
})
export const rulesSearch = z.object({
  text,
  state: soft(z.enum(['draft', 'active', 'expired', 'future'])),
  inverted: flag,
  sort: soft(z.enum(['name', 'caught', 'validTo'])),
  descending: flag,
  offset,
})
/** What a new rule is filled in from: a right, where and as what somebody works who holds it. */
export const newRuleSearch = z.object({
  entitlement: text,
  unit: text,
  position: text,
  person: soft(shape.id),
  like: text,
})
export const ruleSearch = z.object({ offset })
export const mappingsSearch = z.object({ text, issue: soft(mappingIssue), origin: soft(mappingOrigin), offset })
export const bindingsSearch = z.object({
  system: soft(shape.id),
  confidence: soft(confidence),
  together: flag,
  proposal: soft(z.string().max(200)),
  offset,
})
export const rectificationsSearch = z.object({ state: soft(rectificationState), offset })
export const bindingsListSearch = z.object({
  system: soft(shape.id),
  activity: soft(shape.id),
  level: soft(bindingLevel),
  state: soft(z.enum(['waits', 'counts', 'review'])),
  offset,
})
/** What is asked about, as codes with commas between: categories are no personal data, so the question can be sent to a colleague. */
export const reachSearch = z.object({
  view: soft(z.enum(['people', 'flow', 'time'])),
  data: text,
  about: text,
  unit: soft(shape.id),
  system: soft(shape.id),
  activity: soft(shape.id),
  how: soft(z.enum(['constrained', 'maximum', 'unexplained'])),
  /** What is to be done with it; none: anything. */
  operation: soft(operation),
  unknown: flag,
  day: soft(shape.civilDate),
  /** Of the flow: the box that all goes through (`system:` and its key), figures as a table. */
  through: text,
  table: flag,
  offset,
})
export type ReachSearch = z.output<typeof reachSearch>
export const groupDeskSearch = z.object({
  group: soft(shape.id),
  text,
  source: text,
  show: soft(z.enum(['strong', 'possible', 'weak', 'none', 'notRight', 'aside'])),
  sort: soft(z.enum(['members', 'confidence', 'name'])),
  offset,
})
export const entitlementsSearch = z.object({
  text,
  lack: soft(entitlementLack),
  kind: soft(shape.entitlementKind),
  own: flag,
  retired: flag,
  offset,
})
export const entitlementSearch = z.object({
  tab: soft(z.enum(['about', 'peers', 'behind', 'time', 'changes'])),
  ...moment,
  ...between,
  offset,
})
export const textSearch = z.object({ text, offset })
export const syncSearch = z.object({ source: text, state: soft(runState), offset })
export const runSearch = z.object({ kind: soft(recordKind), op: soft(planOp), state: soft(planItemState), offset })
export const auditSearch = z.object({
  action: text,
  lookup: flag,
  from: soft(shape.civilDate),
  to: soft(shape.civilDate),
  offset,
})
export const deskSearch = z.object({
  case: soft(shape.id),
  situation: soft(shape.linkSituation),
  source: text,
  kind: soft(shape.accountKind),
  sort: soft(z.enum(['age', 'username', 'rights'])),
  /** Decided ones too. */
  all: flag,
  offset,
})
export const pairsSearch = z.object({
  case: soft(shape.id),
  state: soft(z.enum(['open', 'different', 'merged'])),
  evidence: soft(z.enum(['same-cpr', 'name-birth-date'])),
  offset,
})
export const expectedSearch = z.object({ source: text, state: soft(announcementState), offset })
export const sourceSearch = z.object({ tab: soft(z.enum(['setup', 'files', 'guards', 'history', 'yaml'])) })
export const pageSearch = z.object({ offset })
export const mailsSearch = z.object({ state: soft(mailState), offset })
/** Who comes and goes. */
export const boardSearch = z.object({
  bucket: soft(boardBucket),
  kind: soft(caseKind),
  unit: soft(shape.id),
  lack: soft(boardLack),
  offset,
})
/** Leavers of a period; without one it is the last ninety days. */
export const proofSearch = z.object({ ...between, unit: soft(shape.id), show: soft(proofShow), offset })
export const leadTimesSearch = z.object({ ...between, unit: soft(shape.id) })
export const casesSearch = z.object({
  kind: soft(caseKind),
  stage: soft(caseStage),
  unit: soft(shape.id),
  mine: flag,
  offset,
})
/** A report that is written: of which kind, and once it is kept, which draft. */
export const caseNewSearch = z.object({
  kind: soft(caseKind),
  door: soft(caseDoor),
  draft: soft(shape.id),
  /** Whom a report about somebody who is there begins with. */
  affiliation: soft(shape.id),
})
export const approvalsSearch = z.object({ state: soft(approvalState), offset })
/** Whom emergency access is to be given to. */
export const emergencySearch = z.object({ person: soft(shape.id), offset })
export const findingsSearch = z.object({
  code: soft(findingCode),
  severity: soft(findingSeverity),
  state: soft(findingListState),
  batch: soft(shape.id),
  system: soft(shape.id),
  entitlement: soft(shape.id),
  unit: soft(shape.id),
  person: soft(shape.id),
  activity: soft(shape.id),
  owner: soft(findingOwner),
  age: soft(findingAge),
  /** Handed to the reader. */
  mine: flag,
  /** Also kinds that are only counted. */
  counted: flag,
  /** The line that is open, and the finding that is shown. */
  group: soft(z.string().max(300)),
  finding: soft(shape.id),
  /** Where the page of the open line begins. */
  from: offset,
  offset,
})
export const draftsSearch = z.object({ state: soft(draftState), offset })
/** The search that is shown, and which of its proposals; `all`: decided ones too. */
export const roleProposalsSearch = z.object({
  run: soft(shape.id),
  nr: soft(z.number().int().min(1)),
  all: flag,
  offset,
})
export const draftFormSearch = z.object({ kind: soft(z.enum(['rule', 'role'])), key: soft(z.string().max(200)) })
export const draftSearch = z.object({
  base: soft(whatIfBase),
  tab: soft(z.enum(['unit', 'system', 'cause', 'people'])),
  effect: soft(whatIfEffect),
  unit: text,
  system: text,
  cause: text,
  /** The draft that it is compared with. */
  against: soft(shape.id),
  offset,
})
export const findingsTrendSearch = z.object({
  system: soft(shape.id),
  unit: soft(shape.id),
  code: soft(findingCode),
})
export const findingsDecisionsSearch = z.object({ offset })
