import type { AccountKind } from '#contract/shapes.ts'

/**
 * What each kind of record offers to the conditions. Views map the same names to columns for lists.
 * A missing value never matches.
 */
export type PolicyRecords = {
  /** `unitIds`: all units at and above any active affiliation. `unitPath`: the same of the primary one, also a future one. */
  Person: {
    id: string
    kind: 'employee' | 'pupil' | 'external' | 'other'
    status: 'active' | 'future' | 'ended'
    unitIds: readonly string[]
    unitPath: readonly string[]
    /** Systems in which the person holds or should hold something. */
    systemIds: readonly string[]
  }
  Affiliation: { personId: string; kind: string; status: string; unitPath: readonly string[] }
  /** `personKind` is null for an account that is nobody's. */
  Account: {
    personId: string | null
    personKind: string | null
    kind: AccountKind
    /** Of the person, as in `Person`. */
    unitIds: readonly string[]
    /** Systems in which the account holds something. */
    systemIds: readonly string[]
  }
  /**
   * A right that somebody should hold or holds. `unitPath`: units at and above the affiliations it follows from; for an
   * observed right that follows from none, those of all active affiliations. `personId` is null with the account.
   */
  Right: { personId: string | null; personKind: string | null; systemId: string; unitPath: readonly string[] }
  /** What does not fit, judged as the right or account that it is about; `personId` is null where nobody is behind it. */
  Finding: {
    personId: string | null
    personKind: string | null
    systemId: string | null
    unitPath: readonly string[]
    /** Who is to see to it: `it`, `systemowner`, `activityowner` or `manager`. */
    answers: string
    /** Who answers for the record of the register that it is about. */
    activityOwnerId: string | null
  }
  /** What a system is to carry out about a person, and what a person does of it by hand. */
  Order: { personId: string; personKind: string | null; systemId: string; unitPath: readonly string[] }
  /** `kit`: something changes hands. */
  Task: {
    personId: string
    personKind: string | null
    systemId: string
    kit: boolean
    unitPath: readonly string[]
  }
  /** How a system is steered: rung, kinds of accounts, connector. */
  Delivery: { systemId: string }
  /** What somebody was told. The own ones are everybody's; those of all are for whoever keeps the mail server going. */
  Mail: { personId: string }
  Unit: { id: string }
  System: { id: string }
  Entitlement: { systemId: string }
  /** Which right a group gives; `systemId` is null where no single system is meant: a template, a group without rights. */
  Mapping: { systemId: string | null }
  Rule: { key: string }
  Run: { id: string }
  Source: { key: string }
  Worklist: { code: string }
  Audit: { lookup: boolean; personId: string | null }
  LocalRole: { id: string }
  /** The question whose an account is; which accounts somebody sees, `Account` says. */
  LinkCase: { id: string }
  /** The question whether two records are one person. */
  PersonMatch: { id: string }
  AccountRule: { id: string }
  /** A draft of changes with what it would do; a draft that is not shared is its owner's alone (`ownerId`). */
  WhatIf: { ownerId: string; shared: boolean }
  /** A search for roles in what is held; `systemId` is null where it is about more than one system. */
  Mining: { systemId: string | null }
  /** Filters of a screen that somebody keeps under a name; `sharedWith` are roles. */
  SavedView: { ownerId: string; sharedWith: readonly string[] }
  /**
   * A report about somebody. `about`: `self` where it is about the reader, who then knows of it like everybody else: not at
   * all. `secret` until a confidential one is released. `knows`: its author and the users it names. `placed`: it says
   * a unit; `unitPath` are the units at and above that, `toUnitPath` those of the unit that somebody moves to.
   */
  Case: {
    about: 'self' | 'other'
    secret: boolean
    placed: boolean
    authorId: string | null
    knows: readonly string[]
    unitPath: readonly string[]
    toUnitPath: readonly string[]
  }
  /** A right in a report that waits for a yes. `asked` is `self` where the reader has sent the report or it is about the reader. */
  CaseApproval: {
    asked: 'self' | 'other'
    via: 'owner' | 'manager' | 'hr' | 'right'
    systemId: string
    unitId: string | null
    /** Whom it waits for by name. */
    approverId: string | null
  }
  /** What a leaver answers for that has to be somebody else's: of the report that says so, `kind` as it calls it. */
  Handover: { about: 'self' | 'other'; secret: boolean; kind: string; unitPath: readonly string[] }
  /**
   * A substitute for one shift who waits for a second person. `asked` is `self` where the reader has asked for them, or is
   * them; `unitId` is where they are to work, `unitPath` that and the units above it.
   */
  Shift: { asked: 'self' | 'other'; unitId: string; unitPath: readonly string[] }
  /** How long starts and ends take, over groups of five or more. */
  LeadTimes: { id: string }
  /** What personnel programs have sent, of all feeds; `feed` is the source for which the sender speaks. */
  HrEvent: { feed: string }
  /** A token of another program. */
  Token: { id: string }
  /** The question whether a report and a payroll row are one employment. */
  AffiliationMatch: { id: string }
  /** An emergency lock, of the person it is about. */
  Lock: { personId: string; personKind: string }
  /** What happens with classes of rights in an absence and after a move. */
  AccessPolicy: { id: string }
  /**
   * A record of processing. `ownerPersonId`: who answers for it, null where nobody does. `unitPath`: the units that are
   * responsible, and what stands above them.
   */
  Activity: { ownerPersonId: string | null; unitPath: readonly string[] }
  /** A term of the register's vocabularies; whoever reads activities reads them. */
  Vocabulary: { kind: string }
  /** Why rights may be held; `systemId` is null where it speaks of no single system: a role, a rule. */
  Binding: { systemId: string | null }
  /** What is handed to an inspection; it holds what its maker may see. */
  Package: { id: string }
  /** What somebody says is wrong about themselves; `office` answers it, of a system its owner. */
  Rectification: { personKind: string; office: 'systemowner' | 'it' | 'hr'; systemId: string | null }
  /** What the product owes itself: periods, texts, runs that delete. */
  Compliance: { id: string }
  /** What must not be deleted. */
  Hold: { id: string }
  /** Who has been shown the notice to employees. */
  Notice: { id: string }
  /** Who has looked at somebody, or agreed to what their rights are for, by name, in a file for that person. */
  NamedOthers: { personId: string }
  /** A lookup that was picked to be looked at; `by` is `self` where the reader made it. */
  LookupSample: { by: 'self' | 'other' }
  Self: { id: string }
}
export type PolicySubject = keyof PolicyRecords
export type PolicyAction =
  | 'read'
  | 'reveal'
  | 'import'
  | 'export'
  | 'start'
  | 'approve'
  | 'verify'
  | 'grant'
  | 'decide'
  | 'merge'
  | 'change'
  | 'send'
  | 'conceal'
