import { personPageView } from '../access/person-page-views.ts'
import type { Viewer } from '../access/viewer.ts'
import { cliActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import { isId } from '../platform/ids.ts'
import { problem } from '../platform/problem.ts'
import type { House } from '../wiring.ts'
import { type Answer, EXIT } from './session.ts'

const all = () => true
/** Whoever has the command line has the database; what it shows is still no more than a screen would. */
const ADMINISTRATOR: Viewer = {
  self: false,
  protectedName: false,
  contact: true,
  cpr: false,
  revealCpr: false,
  history: true,
  signInTimes: () => false,
  finding: all,
  account: all,
  right: all,
  affiliation: all,
  details: all,
  leave: () => false,
  names: () => false,
}

export async function personShow(house: House, who: string): Promise<Answer> {
  const page = await house.db.transaction(async tx => {
    const found = await tx.query<{ id: string }>(
      isId(who)
        ? 'select person_id as id from person_current where person_id = $1'
        : `select distinct person_id as id from account where lower(username) = lower($1) and person_id is not null`,
      [who],
    )
    if (found.length > 1)
      throw problem('conflict', {
        detail: `${found.length} people have an account "${who}". Use an id: ${found.map(one => one.id).join(', ')}`,
      })
    const id = found[0]?.id
    const view = id
      ? await personPageView(tx, id, ADMINISTRATOR, { today: house.clock.today(), keyring: house.keyring })
      : null
    if (!id || !view) throw problem('not-found', { detail: `There is no person with the id or user name "${who}".` })
    await audit(tx).lookup({ actor: cliActor('person show'), personId: id, action: 'person.viewed' })
    return view
  })
  const rights = page.systems.flatMap(({ system, rights: held }) =>
    held.map(right => ({
      system: system.key,
      entitlement: right.key,
      name: right.name,
      expected: right.expected,
      observed: right.observed,
      state: right.state,
      until: right.until,
      because: right.because.map(one => ({
        rule: one.ruleKey,
        version: one.ruleVersion,
        affiliation: one.affiliationId,
        roles: one.rolePath.map(role => role.key),
        facts: one.matched,
        purpose: one.purpose,
      })),
      paths: right.paths.map(path => ({ account: path.account.username, groups: path.groups })),
    })),
  )
  const json = {
    person: { id: page.person.id, kind: page.person.kind, status: page.person.status },
    affiliations: page.affiliations,
    accounts: page.accounts,
    rights,
  }
  const text = [
    `${page.person.name ?? 'Protected person'} (${page.person.id})`,
    ...page.affiliations.map(
      one =>
        `  ${one.status} ${one.kind}: ${one.title ?? '–'}, ${one.unit?.name ?? '–'} (${one.startsOn ?? ''} – ${one.endsOn ?? ''})`,
    ),
    ...page.accounts.map(
      one => `  account ${one.source}/${one.username}: ${one.situation}${one.enabled ? '' : ', disabled'}`,
    ),
    `  ${page.counts.expected} expected, ${page.counts.observed} observed, ${page.counts.missing} missing, ${page.counts.unexplained} unexplained`,
    ...rights.map(
      one =>
        `  ${one.state.padEnd(11)} ${one.entitlement}${one.because[0] ? `  because ${one.because[0].rule}${one.because[0].roles.length > 0 ? ` > ${one.because[0].roles.join(' > ')}` : ''}` : ''}`,
    ),
  ].join('\n')
  return { json, text, exit: EXIT.done }
}
