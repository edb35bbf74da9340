import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { say } from '#contract/said.ts'
import { catchUp } from './access/access-store.ts'
import type { AfterDecided } from './access/after-decided.ts'
import { sourceIsFresh } from './access/drift/stale-sources.ts'
import { syncRun } from './access/drift/sync-drift.ts'
import type { LocalAdministrators } from './access/last-administrator.ts'
import type { OnLock } from './access/locks/lock-service.ts'
import { createMining, type Mining } from './access/mining/mining-runner.ts'
import { neverInBatch } from './access/never-in-batch.ts'
import { refreshPersonRights } from './access/person-rights-store.ts'
import { compareSeen } from './access/rights-seen.ts'
import { cliActor, systemActor } from './audit/audit-entry.ts'
import { audit } from './audit/audit-store.ts'
import { directorySignIn } from './auth/directory-sign-in.ts'
import { localRoleStore } from './auth/local-role-store.ts'
import { sessionStore } from './auth/session-store.ts'
import { type Auth, wireAuth } from './auth/wire-auth.ts'
import { DEMO_MUNICIPALITY, demoSignIns } from './demo/read-manifest.ts'
import { ldapReader } from './directory/ldap-reader.ts'
import { ldifReader } from './directory/ldif-reader.ts'
import { createFeeds, type Feeds } from './feeds/feeds-service.ts'
import { changeWaits } from './feeds/guards/held-views.ts'
import { csvReader } from './feeds/reading/read-csv.ts'
import type { SourceReader } from './feeds/reading/reader.ts'
import type { FeedAudit } from './feeds/runs/feed-audit.ts'
import { readSourcesFile, secretReader } from './feeds/sources/read-sources.ts'
import { checkSecretFile, type ScreenLimits } from './feeds/sources/screen-limits.ts'
import { createSources, type Sources } from './feeds/sources/sources-service.ts'
import { exportConnector } from './fulfilment/export/export-connector.ts'
import { ldapConnector } from './fulfilment/ldap/ldap-connector.ts'
import type { Reach } from './fulfilment/reach.ts'
import { scimConnector } from './fulfilment/scim/scim-connector.ts'
import { webhookBatchConnector, webhookConnector } from './fulfilment/webhook/webhook-connector.ts'
import { createEventRunner, type EventRunner } from './lifecycle/events/event-runner.ts'
import { matchReports } from './lifecycle/matching/carry-out-match.ts'
import { confirmExtensions } from './lifecycle/payroll/confirm-extensions.ts'
import { opusReader } from './lifecycle/payroll/opus-reader.ts'
import { followPayroll } from './lifecycle/payroll/payroll-drafts.ts'
import { sdReader } from './lifecycle/payroll/sd-reader.ts'
import type { Connector, ConnectorContext } from './orders/connector.ts'
import { linkOrdered } from './orders/link-ordered.ts'
import { planOrders } from './orders/order-service.ts'
import { verifyOrders } from './orders/verify-orders.ts'
import { createPeopleSinks } from './people/people-sinks.ts'
import type { Clock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import type { AuthorityLookup, Sink, SinkContext } from './platform/feed-record.ts'
import type { Keyring } from './platform/keyring.ts'
import type { Log } from './platform/log.ts'
import { createMailer, type Mailer } from './platform/mail.ts'
import { figuresForNewTables } from './platform/planner.ts'
import { problem } from './platform/problem.ts'
import type { Db, Tx } from './platform/unit-of-work.ts'
import { settleRun } from './systems/settle-run.ts'
import { systemSinks } from './systems/system-sinks.ts'
import { userListReader } from './systems/user-lists/read-user-list.ts'
import { createUserLists, type UserLists } from './systems/user-lists/user-list-service.ts'

/** Everything put together: plain functions over what they need, nothing looked up behind anybody's back. */
export type House = {
  config: Config
  db: Db
  /** For jobs, which keep a pool of their own. */
  databaseUrl: string
  clock: Clock
  log: Log
  keyring: Keyring
  dataDir: string
  /** The database is the embedded one of the data folder. */
  embedded: boolean
  /** Without a database of its own the demonstration is made, unless told otherwise. */
  demo: boolean
  demoDir: string
  feeds: Feeds
  sources: Sources
  userLists: UserLists
  /** Searches for roles in what is held, each in a thread of its own. */
  mining: Mining
  /** What sources that are declared on the screen may reach. */
  screen: ScreenLimits
  /** What can carry out orders in other systems, and where their secrets come from. */
  connectors: readonly Connector[]
  secretOf: ConnectorContext['secretOf']
  auth: Auth
  /** What personnel programs send, carried out beside their requests. */
  events: EventRunner
  municipality: string
  /** Address that people use, `http://localhost:3000` where none is set. */
  publicUrl: string
  /** Whoever decides rights again asks this first, so that a rule that runs out does not lock a town hall out. */
  localAdministrators: LocalAdministrators
  /** The data are there: `/readyz`. */
  ready: boolean
  /** A newer version has changed the schema: this process answers nothing any more. */
  outdated: boolean
}

export const READERS: readonly SourceReader[] = [
  csvReader,
  ldifReader,
  ldapReader,
  userListReader,
  opusReader,
  sdReader,
]

/** What can carry out orders, by kind. */
export const connectorsWith = (reach: Reach): readonly Connector[] => [
  ldapConnector(reach),
  scimConnector(reach),
  webhookConnector(reach),
  webhookBatchConnector(reach),
  exportConnector(reach),
]

type Parts = Pick<House, 'config' | 'db' | 'clock' | 'log' | 'keyring' | 'dataDir' | 'embedded' | 'databaseUrl'>

export function wire(parts: Parts): House {
  const { config } = parts
  const demo = parts.embedded && config.HJEMMEL_DEMO !== false
  const demoDir = join(parts.dataDir, 'demo')
  const secretOf = secretReader(config.secretFromEnvironment)
  const screen: ScreenLimits = {
    dropsDir: config.HJEMMEL_DROPS_DIR ?? join(parts.dataDir, 'drops'),
    secretsDir: config.HJEMMEL_SECRETS_DIR ?? null,
    hosts: config.HJEMMEL_SOURCE_HOSTS,
    never: [config.HJEMMEL_KEY_FILE ?? join(parts.dataDir, 'encryption-key')],
  }
  const feeds = createFeeds({
    ...parts,
    sinks: sinks(),
    readers: READERS,
    secretOf,
    screen,
    audit: auditFeeds,
    neverInBatch: neverInBatch(localAdministrators, parts.clock.today),
  })
  const municipality = config.HJEMMEL_MUNICIPALITY ?? (demo ? DEMO_MUNICIPALITY : 'Kommunen')
  const publicUrl = config.HJEMMEL_PUBLIC_URL ?? `http://localhost:${config.PORT}`
  const auth = wireAuth({
    ...parts,
    publicUrl,
    municipality,
    ownNetworks: config.HJEMMEL_OWN_NETWORK,
    breachedPasswordsUrl: config.HJEMMEL_BREACHED_PASSWORDS_URL ?? null,
    directory: config.HJEMMEL_SIGN_IN_SOURCE ? directorySignIn(config.HJEMMEL_SIGN_IN_SOURCE, feeds, secretOf) : null,
    demo: demo ? async () => demoSignIns(demoDir) : null,
  })
  const sources = createSources({ readers: READERS, screen, secretOf, changeWaits })
  const userLists = createUserLists({
    ...parts,
    feeds,
    sources,
    screen,
    rightsChanged: (tx, seen) => compared(tx, parts.clock, seen),
  })
  return {
    ...parts,
    demo,
    demoDir,
    feeds,
    sources,
    screen,
    userLists,
    mining: createMining(parts),
    connectors: connectorsWith({
      hosts: screen.hosts,
      secretsDir: screen.secretsDir,
      exportsDir: config.HJEMMEL_EXPORTS_DIR ?? join(parts.dataDir, 'exports'),
      mailer: mailerOf(config),
      publicUrl,
    }),
    secretOf: secretsOfScreen(config, screen, secretOf),
    auth,
    events: createEventRunner({
      ...parts,
      decide: (tx, cause, affiliations) => decideAgain(tx, parts.clock, cause, affiliations),
      follow: (tx, authority) => followFacts(tx, parts, authority),
    }),
    municipality,
    publicUrl,
    localAdministrators,
    ready: false,
    outdated: false,
  }
}

/** What a list shows, or no longer does, is also what is still to be ordered. */
async function compared(tx: Tx, clock: Clock, seen: Parameters<typeof compareSeen>[1]): Promise<void> {
  await compareSeen(tx, seen)
  const people = seen.rights.length > 0 ? ('all' as const) : seen.people
  const decided = { people, today: clock.today(), now: clock.now(), cause: 'user-list' }
  for (const follow of AFTER_DECIDED) await follow(tx, decided)
}

/** Settings of connectors are made on the screen: they reach the secrets that the screen's sources reach, and no others. */
const secretsOfScreen =
  (config: Config, screen: ScreenLimits, secretOf: ReturnType<typeof secretReader>): ConnectorContext['secretOf'] =>
  ref => {
    if ('file' in ref) checkSecretFile(ref.file, screen)
    else if (!config.secretNames.includes(ref.env))
      throw problem('source-invalid', {
        detail: `The environment variable ${ref.env} is not set, or its name does not begin with HJEMMEL_SECRET_.`,
        said: say('secret-unset', { name: ref.env }),
      })
    return secretOf(ref, screen.secretsDir ?? '/')
  }

/** The mail server of the settings; null without one. */
export const mailerOf = (config: Config): Mailer | null =>
  config.HJEMMEL_SMTP_URL !== undefined && config.HJEMMEL_MAIL_FROM !== undefined
    ? createMailer({ url: config.HJEMMEL_SMTP_URL, from: config.HJEMMEL_MAIL_FROM })
    : null

/** The declarations that count: the file of the settings, or the demonstration's own. */
export async function loadSources(house: House): Promise<void> {
  const own = join(house.demoDir, 'kilder.yaml')
  if (house.config.HJEMMEL_DROPS_DIR === undefined) mkdirSync(house.screen.dropsDir!, { recursive: true })
  const file = house.config.HJEMMEL_SOURCES ?? (house.demo && existsSync(own) ? own : null)
  await house.feeds.syncSources(file ? readSourcesFile(file, READERS) : [])
}

/**
 * All sinks in the order of their kinds. What follows from a run across rooms (links of accounts, observed rights,
 * assignments) is worked out after the last kind, in the transaction that ends the run: nobody sees people without
 * the rights that go with them.
 */
export function sinks(): Sink[] {
  const changed = new WeakMap<Tx, readonly string[]>()
  const all = [...createPeopleSinks((tx, affiliations) => changed.set(tx, affiliations)), ...systemSinks()]
  return all.map((sink, place) => (place === all.length - 1 ? withConsequences(sink, tx => changed.get(tx)) : sink))
}

function withConsequences(sink: Sink, changed: (tx: Tx) => readonly string[] | undefined): Sink {
  return {
    ...sink,
    after: async ctx => {
      await sink.after?.(ctx)
      await settleRights(ctx, changed(ctx.tx))
    },
  }
}

/** Reports that payroll tells of now, whoever told of it: a feed or an event. */
async function followFacts(
  tx: Tx,
  { clock, keyring }: Pick<Parts, 'clock' | 'keyring'>,
  authority: AuthorityLookup,
): Promise<string[]> {
  const parts = { authority, keyring, now: clock.now(), today: clock.today() }
  const matched = await matchReports(tx, { ...parts, localAdministrators, after: AFTER_DECIDED })
  return [...matched, ...(await confirmExtensions(tx, parts))]
}

/** Rights, and what follows from them, of affiliations whose facts are others now. */
export async function decideAgain(tx: Tx, clock: Clock, cause: string, affiliations: readonly string[]): Promise<void> {
  const when = { today: clock.today(), now: clock.now(), cause, localAdministrators, after: AFTER_DECIDED }
  await catchUp(tx, when, affiliations)
}

export const localAdministrators: LocalAdministrators = (tx, today) => localRoleStore(tx).whoAdminister(today)

/** What follows from rights having been decided, in the same transaction and in this order. */
export const AFTER_DECIDED: readonly AfterDecided[] = [planOrders]

/** What else happens to somebody who is locked, in the same transaction: they are out of Hjemmel at once. */
export const ON_LOCK: readonly OnLock[] = [
  async (tx, { personId }) => {
    await sessionStore(tx).endOfPerson(personId)
  },
]

async function settleRights(ctx: SinkContext, changed: readonly string[] | undefined): Promise<void> {
  await figuresForNewTables(ctx.tx, ['person_current', 'affiliation_current', 'org_unit_current', 'entitlement'])
  const ordered = await linkOrdered(ctx.tx, ctx)
  const settled = await settleRun(ctx)
  const touched = settled === 'all' ? settled : [...new Set([...settled, ...ordered])]
  // Whom it decides again, it also counts again.
  const cause = `feed ${ctx.runId}`
  const when = { today: ctx.today, now: ctx.now, cause, localAdministrators, after: AFTER_DECIDED }
  // What was seen says first what of it was carried out: then what is left is planned from that.
  await verifyOrders(ctx.tx, ctx)
  const matched = await matchReports(ctx.tx, { ...ctx, localAdministrators, after: AFTER_DECIDED })
  const confirmed = await confirmExtensions(ctx.tx, ctx)
  const among = changed ? [...changed, ...matched, ...confirmed] : undefined
  await catchUp(ctx.tx, when, ctx.mode === 'changes' ? among : undefined)
  await planOrders(ctx.tx, { ...when, people: touched })
  await refreshPersonRights(ctx.tx, touched)
  await sourceIsFresh(ctx.tx, ctx.source, ctx.now)
  for (const follow of AFTER_RUN) await follow(ctx)
  if (touched !== 'all') await syncRun(ctx.tx, ctx)
}

/** What else follows from a run once facts, matches and rights are in place, in the same transaction. */
export const AFTER_RUN: readonly ((ctx: SinkContext) => Promise<void>)[] = [followPayroll]

const auditFeeds: FeedAudit = async (tx, entry) => {
  const actor =
    entry.actor === null
      ? systemActor('schedule')
      : entry.actor.id.startsWith('cli')
        ? cliActor('directory sync')
        : {
            kind: 'user' as const,
            userId: entry.actor.id,
            personId: entry.actor.personId ?? null,
            function: entry.actor.function ?? 'none',
          }
  await audit(tx).write({
    actor,
    action: entry.action,
    subjectKind: 'source',
    subjectId: entry.source,
    detail: { runId: entry.runId, ...entry.detail },
  })
}
