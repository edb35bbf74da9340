import type { z } from 'zod'
import type { personAffiliation, personPage, personRight } from '#contract/people.ts'
import { readMaskedCpr } from '../people/cpr-store.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { readAccounts } from './person-accounts-views.ts'
import { readAffiliations } from './person-affiliations-views.ts'
import { namesBeside, originOf } from './person-names-views.ts'
import { type PersonHead, readPersonHead } from './person-record-view.ts'
import { namedIn, readRightRows, rightsBySystem } from './person-rights-views.ts'
import { personPurposes, purposesSql, type Said } from './purposes/person-purposes-view.ts'
import type { Viewer } from './viewer.ts'

type PersonPage = z.output<typeof personPage>
type Affiliation = z.output<typeof personAffiliation>
type Right = z.output<typeof personRight>

type Options = {
  today: string
  keyring: Keyring
  /** What the caller has read of the person already, to ask the policy. */
  head?: PersonHead
}

/**
 * The person page in at most six statements (four when the caller has the person's head and no CPR number is shown),
 * whatever the number of rights; one snapshot, so that no half computation shows.
 */
export async function personPageView(
  tx: Tx,
  personId: string,
  viewer: Viewer,
  { today, keyring, head }: Options,
): Promise<PersonPage | null> {
  const person = head ?? (await readPersonHead(tx, personId))?.head
  if (!person) return null
  const rows = await readRightRows(tx, personId, today)
  const { names, beside } = await namesBeside<Said>(tx, namedIn(rows), {
    name: 'purposes',
    sql: place => purposesSql(`$${place}`, `$${place + 1}`),
    params: [personId, today],
  })
  const purposes = personPurposes(beside ?? { ways: null, places: null, bindings: null, withheld: null }, today)
  const sources = names.source
  const affiliations = await readAffiliations(tx, personId, viewer, sources, today)
  const accounts = await readAccounts(tx, personId, viewer, sources)
  const pathOf = (list: readonly Affiliation[]) => list.flatMap(one => one.unitPath.map(unit => unit.id))
  const systems = rightsBySystem(
    rows,
    names,
    (systemId, right) => {
      const grounds = affiliations.filter(one => right.because.some(ground => ground.affiliationId === one.id))
      const from = grounds.length > 0 ? grounds : affiliations.filter(one => one.status === 'active')
      if (!viewer.right({ systemId, unitPath: pathOf(from) })) return null
      // A reason tells facts of its affiliation: of a job elsewhere the reader is told that it exists, and no more.
      const seen = new Set(from.filter(one => viewer.right({ systemId, unitPath: pathOf([one]) })).map(one => one.id))
      return {
        ...right,
        decision: right.decision && {
          ...right.decision,
          reason: viewer.finding({ systemId, unitPath: pathOf(from) }) ? right.decision.reason : null,
        },
        because: right.because.filter(ground => seen.has(ground.affiliationId)),
        purposes: purposes.of(right.entitlementId, id => seen.has(id)),
      }
    },
    viewer.signInTimes,
  )
  const rights = systems.flatMap(system => system.rights)
  const count = (state: Right['state']) => rights.filter(right => right.state === state).length
  const hidden = person.protected && !viewer.protectedName
  return {
    person: {
      id: personId,
      name: hidden ? null : person.name,
      protected: person.protected,
      kind: person.kind,
      status: person.status,
      email: viewer.contact && !hidden ? person.email : null,
      phone: viewer.contact && !hidden ? person.phone : null,
      // The effect, for who leads or follows the person; why, and by whom, is on the lock itself.
      lockedSince: affiliations.some(one => one.detailed) ? (person.lockedSince?.toISOString() ?? null) : null,
      cprMasked: viewer.cpr && person.hasCpr ? await readMaskedCpr(tx, keyring, personId) : null,
      origins: Object.fromEntries(
        Object.entries(person.origin ?? {}).map(([attribute, origin]) => [
          attribute,
          originOf(sources, originSource(origin)),
        ]),
      ),
    },
    affiliations,
    accounts,
    systems,
    purposes: purposes.said(),
    withheld: (beside?.withheld ?? []).filter(one => {
      const from = affiliations.filter(job => job.id === one.affiliationId)
      return from.length > 0 && viewer.right({ systemId: one.system.id, unitPath: pathOf(from) })
    }),
    counts: {
      systems: new Set(rights.filter(right => right.expected || right.observed).map(right => right.key.split('/')[0]))
        .size,
      expected: rights.filter(right => right.expected).length,
      observed: rights.filter(right => right.observed).length,
      missing: count('missing'),
      unexplained: count('unexplained'),
      notRead: count('not-read') + count('no-account'),
      protectedData: systems.filter(one => one.rights.some(right => PROTECTED.has(right.sensitivity))).length,
    },
    allowed: { revealCpr: viewer.revealCpr && person.hasCpr, seeHistory: viewer.history, seeLookups: viewer.self },
    asOf: today,
    self: viewer.self,
  }
}

const PROTECTED = new Set<string>(['special', 'criminal', 'confidential'])

const originSource = (origin: unknown): string =>
  typeof origin === 'string' ? origin : String((origin as { source?: unknown } | null)?.source ?? '')
