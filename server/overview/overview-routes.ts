import { getAuditEntry, listAudit, verifyAuditChain } from '#contract/audit.ts'
import { getDpoHome } from '#contract/dpo-home.ts'
import { getHome, searchAll } from '#contract/home.ts'
import { listPeople } from '#contract/people.ts'
import { getSystem, getSystemHolders, listAccounts, listSystems } from '#contract/systems.ts'
import { getOrganisation, getOrgWorklist, getUnit } from '#contract/units.ts'
import { verifyAudit } from '../audit/verify-audit.ts'
import { worklist } from '../people/worklist-views.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import type { Db } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { accountsView } from './accounts-views.ts'
import { auditEntryView, auditView } from './audit-views.ts'
import { dpoHomeView } from './dpo/dpo-home-view.ts'
import { homeView } from './home-views.ts'
import { lookAtList } from './look.ts'
import { peopleView } from './people-views.ts'
import { searchView } from './search-views.ts'
import { systemHoldersView, systemView } from './system-page-views.ts'
import { systemsView } from './systems-views.ts'
import { organisationView, unitView } from './units-views.ts'

type Parts = { db: Db; clock: Clock; keyring: Keyring }

const found = <T>(answer: T | null): T => {
  if (answer === null) throw problem('not-found')
  return answer
}
/** A query as the log keeps it: what was filtered by, and only that a text was searched for. */
const withoutText = <Query extends { text?: string; offset?: number; limit?: number }>(query: Query) => {
  const { text, offset: _, limit: __, ...filters } = query
  return { ...filters, ...(text ? { text: true } : {}) } as Record<string, string | number | boolean | undefined>
}

export function peopleRoutes(routes: Routes<Actor>, { db, clock }: Parts): void {
  routes.addOwn(listPeople, call =>
    lookAtList(
      db,
      call,
      tx => peopleView(tx, call.actor, call.body, clock.today()),
      answer => ({ action: 'people.searched', query: withoutText(call.body), count: answer.total }),
    ),
  )
}

export function unitRoutes(routes: Routes<Actor>, { db, clock }: Parts): void {
  routes.add(getOrganisation, call => organisationView(call.tx, call.actor, call.query, clock.today()))
  routes.addOwn(getUnit, call =>
    lookAtList(
      db,
      call,
      async tx => found(await unitView(tx, call.actor, call.params, call.query, clock.today())),
      answer => ({ action: 'unit.people-viewed', query: { unit: call.params.unitId }, count: answer.totalPeople }),
    ),
  )
  routes.add(getOrgWorklist, async call => ({ rows: await worklist(call.tx) }))
}

export function systemRoutes(routes: Routes<Actor>, { db, clock }: Parts): void {
  routes.add(listSystems, call => systemsView(call.tx, call.actor, call.query, clock.today()))
  routes.add(getSystem, async call => found(await systemView(call.tx, call.actor, call.params)))
  routes.addOwn(getSystemHolders, call =>
    lookAtList(
      db,
      call,
      async tx => found(await systemHoldersView(tx, call.actor, call.params, call.query)),
      answer => ({
        action: 'system.holders-viewed',
        query: { system: call.params.systemId, entitlement: call.query.entitlement, state: call.query.state },
        count: answer.total,
      }),
    ),
  )
}

export function accountRoutes(routes: Routes<Actor>, { db }: Parts): void {
  routes.addOwn(listAccounts, call =>
    lookAtList(
      db,
      call,
      tx => accountsView(tx, call.actor, call.body),
      answer => ({ action: 'accounts.searched', query: withoutText(call.body), count: answer.total }),
    ),
  )
}

export function homeRoutes(routes: Routes<Actor>, { db, clock }: Parts): void {
  routes.add(getHome, call => homeView(call.tx, call.actor, clock.now()))
  routes.add(getDpoHome, call => dpoHomeView(call.tx, call.actor, clock.now()))
  routes.addOwn(searchAll, call =>
    lookAtList(
      db,
      call,
      tx => searchView(tx, call.actor, call.body),
      answer => ({ action: 'people.searched', query: { text: true }, count: answer.people.length + answer.why.length }),
    ),
  )
}

export function auditRoutes(routes: Routes<Actor>, { db, keyring }: Parts): void {
  routes.add(listAudit, call => auditView(call.tx, call.actor, call.body))
  routes.add(getAuditEntry, async call => found(await auditEntryView(call.tx, call.actor, call.params)))
  routes.addOwn(verifyAuditChain, () => verifyAudit(db, keyring))
}
