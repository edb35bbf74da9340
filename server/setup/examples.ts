import { widestScope } from '../access/mining/held-matrix-store.ts'
import { insertRun } from '../access/mining/mining-store.ts'
import { scopeKey } from '../access/mining/propose-roles.ts'
import { loadDraft, setShared } from '../access/what-if/draft-store.ts'
import { createDraft, saveWorked, workOut } from '../access/what-if/drafts-service.ts'
import { systemActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import { userStore } from '../auth/user-store.ts'
import type { DemoManifest } from '../demo/manifest.ts'
import { putView } from '../overview/views/view-store.ts'
import { newId } from '../platform/ids.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { House } from '../wiring.ts'
import { usernameOf } from './actors.ts'
import { firstTime } from './once.ts'

/** What somebody might have left behind who tried the tools: drafts, a search for roles, views that are shared. */
export async function demoExamples(house: House, manifest: DemoManifest): Promise<void> {
  const author = await house.db.transaction(tx => authorOf(tx, manifest))
  await exampleDrafts(house, author)
  await exampleProposals(house, author)
  await exampleViews(house, author)
}

/** The user of the demonstration's IT administrator: examples are somebody's, as all of their kind are. */
async function authorOf(tx: Tx, manifest: DemoManifest): Promise<string> {
  const users = userStore(tx)
  const username = usernameOf(manifest, 'it')
  const person = await users.personOfUsername(username)
  if (!person) throw problem('not-found', { detail: `Nobody in the demonstration has the user name "${username}".` })
  return (await users.ofPerson(person.personId, person.username)).id
}

/** Two questions that a town hall asks each year: what the first of August does, and what a merger would do. */
async function exampleDrafts(house: House, author: string): Promise<void> {
  const [today, now] = [house.clock.today(), house.clock.now()]
  const onDate = `${Number(today.slice(0, 4)) + (today >= `${today.slice(0, 4)}-08-01` ? 1 : 0)}-08-01`
  await house.db.transaction(async tx => {
    if (!(await firstTime(tx, 'drafts'))) return
    const units = await tx.query<{ key: string; name: string }>(
      `select u.key, u.name from org_unit_current u
       where u.active and u.tree = 'admin' and u.parent_id = (
         select c.parent_id from org_unit_current c join org_unit_current parent on parent.unit_id = c.parent_id
         where c.active and c.tree = 'admin' and c.parent_id is not null
           and not exists (select from org_unit_current d where d.parent_id = c.unit_id)
           and exists (select from affiliation_current a where a.unit_id = c.unit_id and a.status = 'active')
         group by c.parent_id, parent.key having count(*) >= 3 order by count(*), parent.key limit 1)
         and exists (select from affiliation_current a where a.unit_id = u.unit_id and a.status = 'active')
       order by u.key limit 3`,
    )
    const into = units.at(-1)
    const rows = units.slice(0, -1).map(one => ({ from: one.key, to: into?.key ?? '' }))
    const map = { id: 'map', kind: 'unit-map' as const, carry: true, translate: true, rows }
    for (const [name, changes] of [
      ['Hvad gør 1. august?', []],
      [`Sammenlægning i ${into?.name ?? ''}`, rows.length > 0 ? [map] : []],
    ] as const) {
      const when = { today, now }
      const id = await createDraft(tx, { name, note: '', onDate, changes: [...changes] }, author, when)
      await setShared(tx, id, now)
      const draft = await loadDraft(tx, id)
      if (draft) await saveWorked(tx, draft, 'same-date', await workOut(tx, draft, 'same-date', when), now)
    }
    await audit(tx).write({
      actor: systemActor('set-up'),
      action: 'what-if.created',
      subjectKind: 'what-if',
      detail: { onDate },
    })
  })
}

/** A search for roles in all that people hold, as far as one search can go, so that there is something to say yes and no to. */
async function exampleProposals(house: House, author: string): Promise<void> {
  const options = { share: 0.8, people: 5, withoutDecided: true, unexplainedOnly: false }
  const id = await house.db.transaction(async tx => {
    if (!(await firstTime(tx, 'proposals'))) {
      // One that was cut off is gone on with; it was begun a moment ago, by this set-up.
      const [open] = await tx.query<{ id: string }>(`select id from mining_run where state = 'running' limit 1`)
      return open?.id ?? null
    }
    const id = newId()
    const scope = await widestScope(tx)
    const run = { id, scopeKind: scope.kind, scopeKey: scopeKey(scope), systemId: null, aim: 'broad', options } as const
    await insertRun(tx, { ...run, startedBy: author }, house.clock.now())
    await audit(tx).write({
      actor: systemActor('set-up'),
      action: 'mining.started',
      subjectKind: 'mining',
      subjectId: id,
      detail: { scope, aim: run.aim, options },
    })
    return id
  })
  if (id !== null) await house.mining.carryOut(id)
}

/** Two questions that are asked each week, saved and shared, so that the tabs of views are not empty. */
async function exampleViews(house: House, author: string): Promise<void> {
  await house.db.transaction(async tx => {
    if (!(await firstTime(tx, 'views'))) return
    const views: { screen: string; name: string; search: Record<string, string | boolean> }[] = [
      { screen: 'rights', name: 'Vejen til følsomme oplysninger', search: { view: 'flow', protectedData: true } },
      { screen: 'findings', name: 'Alvorlige afvigelser', search: { severity: 'high' } },
    ]
    for (const view of views) {
      const { id } = await putView(tx, { ...view, sharedWith: ['it', 'dpo', 'auditor'], ownerId: author })
      await audit(tx).write({
        actor: systemActor('set-up'),
        action: 'view.saved',
        subjectKind: 'view',
        subjectId: id,
        detail: { screen: view.screen, name: view.name },
      })
    }
  })
}
