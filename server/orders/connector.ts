import type { z } from 'zod'
import type { KeptAttribute } from '#contract/account-types.ts'
import type { Said } from '#contract/said.ts'

/**
 * The one interface between orders and the systems that carry them out. A connector is a small module in `fulfilment`:
 * it reads what the target says of one account, plans what is left to do (pure), does it, and reads it back. It never
 * decides whether something should be done: rungs, guards, due dates, dependencies and retries are the orders room's.
 */

/** What is to happen with one account. `set`: attributes only; `grant` and `revoke`: one right. */
export type OrderAction =
  | 'create'
  | 'enable'
  | 'disable'
  | 'rename'
  | 'move'
  | 'set'
  | 'grant'
  | 'revoke'
  | 'delete'
  /** Equipment: given to somebody, got back. No connector does that; a person does. */
  | 'hand-out'
  | 'take-back'
  /** A mailbox, a drive or cases of somebody who has left: to somebody else, and gone for good. A person does that too. */
  | 'hand-over'
  | 'close'

/** One order as a connector sees it. `id` is the idempotency key: the same id sent twice has its effect once. */
export type OrderToCarryOut = {
  id: string
  action: OrderAction
  system: { id: string; key: string; name: string }
  account: {
    username: string
    /** What the target itself calls the account (objectGUID, SCIM id), where it is known. Survives renaming and moving. */
    externalId: string | null
    /** Only what Hjemmel is the authority for; null takes the value away. Never a CPR number. */
    attributes: Readonly<Record<string, string | readonly string[] | null>>
    /** Whether the account may be used; `create` makes it so, mostly locked until the first day. */
    enabled: boolean
  }
  /** The right of `grant` and `revoke`, and what carries it in the target: DNs or names of groups, role values. */
  right: {
    key: string
    name: string
    carriers: readonly string[]
    limits: Readonly<Record<string, readonly string[]>>
  } | null
  /** For people who read an export: who it is about, by the name that may be shown there. */
  person: { id: string; name: string | null }
  dueOn: string
}

/** What the target says now. `untouchable`: protected or outside the declared scope, with the reason. */
export type TargetAccount = {
  externalId: string
  username: string
  enabled: boolean
  attributes: Readonly<Record<string, readonly string[]>>
  carriers: readonly string[]
  untouchable: Said | null
}

/** One write, in the connector's own words; shown in the log of the order before and after it is sent. */
export type Step = { say: string; change: unknown }

export type Verified = 'as-wanted' | 'differs' | 'cannot-tell'

export type ConnectorSession = {
  /** null: there is no such account. Throws `ConnectorFailure`. */
  read(order: OrderToCarryOut): Promise<TargetAccount | null>
  /** Pure. Nothing left to do is the empty list: what was done by hand, or by us before we were killed, is done. */
  plan(order: OrderToCarryOut, now: TargetAccount | null): Step[]
  /** In order; relative changes only (add this member), never a whole object written back. Answers the external id. */
  apply(order: OrderToCarryOut, steps: readonly Step[]): Promise<{ externalId: string | null }>
  /** Read back from the target itself. */
  verify(order: OrderToCarryOut): Promise<Verified>
  close(): Promise<void>
}

/** A connector that hands over many orders at once (an export, a mail to a system's owner) and can read nothing back. */
export type BatchSession = {
  /** All of them or none: throws `ConnectorFailure` where it cannot be known that the whole was handed over. */
  handOver(batch: { id: string; orders: readonly OrderToCarryOut[] }): Promise<{ receipt: string }>
  close(): Promise<void>
}

export type ConnectorContext = {
  secretOf(ref: { env: string } | { file: string }): string
  signal: AbortSignal
  /** Ids only, never names. */
  note(message: string, detail?: Record<string, string | number>): void
}

/**
 * What a connector writes into an account, in the words of an account that is read: the pattern of each attribute
 * (patterns.ts), and where accounts of units stand. What it says nothing of it does not write.
 */
export type Writes = {
  attributes: Partial<Record<Exclude<KeptAttribute, 'username' | 'place'>, string>>
  /** By key of a unit; null: it knows no places. */
  places: { units: Readonly<Record<string, string>>; otherwise: string } | null
}

/** `said`: the same as `say`, for the screen, where it has a text in each language. */
export type TestStep = { say: string; ok: boolean; said?: Said }

export type Connector = {
  kind: string
  /** zod, strict; secrets by reference only. The screen and the YAML file are two doors to the same. */
  settings: z.ZodObject
  /** What the schema alone cannot say; each text is one mistake. */
  check?(settings: unknown): string[]
  /** Pure, of settings that are valid. Without it: each attribute as it is, and no places. */
  writes?(settings: unknown): Writes
  /** Actions that it can carry out; for the others a person gets a task. */
  actions: readonly OrderAction[]
  /** Reach the target and say what was found there, step by step; changes nothing. */
  test(settings: unknown, ctx: ConnectorContext): Promise<{ ok: boolean; steps: TestStep[] }>
} & (
  | { mode: 'each'; open(settings: unknown, ctx: ConnectorContext): Promise<ConnectorSession> }
  | { mode: 'batch'; open(settings: unknown, ctx: ConnectorContext): Promise<BatchSession> }
)

/**
 * Why it did not happen. `retry`: the same may work later (not there, 429, 500, cut off): with `afterSeconds` where the
 * target said so. `refused`: it understood and said no; a person must look. `lost`: sent, and nobody knows whether it
 * was done: read before sending again.
 */
export class ConnectorFailure extends Error {
  readonly why: 'retry' | 'refused' | 'lost'
  readonly afterSeconds: number | null
  constructor(why: ConnectorFailure['why'], message: string, afterSeconds: number | null = null) {
    super(message)
    this.why = why
    this.afterSeconds = afterSeconds
  }
}
