import { systemActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import type { DemoManifest } from '../demo/manifest.ts'
import { placeHoldOn } from '../gdpr/holds/hold-service.ts'
import { publish } from '../gdpr/notice/notice-service.ts'
import { noteShown, ownTexts } from '../gdpr/notice/notice-store.ts'
import { addDays } from '../platform/civil-date.ts'
import { startOfDay } from '../platform/clock.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { House } from '../wiring.ts'
import { actorOfRole } from './actors.ts'

/** One in nine of those with an account has not opened Hjemmel since the notice came. */
const NOT_YET = 9

/**
 * What the demonstration owes itself: the notice was published a month ago and most have been shown it, among them everybody
 * who signs in with one click; two matters at law, one of which runs out soon.
 */
export async function demoCompliance(
  house: Pick<House, 'db' | 'clock' | 'municipality'>,
  manifest: DemoManifest,
): Promise<void> {
  await house.db.transaction(async tx => {
    const [before] = await tx.query('select from compliance_text limit 1')
    if (before) return
    const [today, now] = [house.clock.today(), house.clock.now()]
    const it = await actorOfRole(tx, manifest, 'it', today)
    const then = startOfDay(addDays(today, -30))
    const [notice] = await ownTexts(tx, house.municipality, ['notice'])
    if (!notice) return
    const text = { da: notice.da, en: notice.en, reason: 'Vedtaget efter drøftelse i Hoved-MED', version: 0 }
    const version = await publish(tx, it, 'notice', text, then)
    const people = await told(tx, manifest)
    const recorded =
      (await noteShown(tx, people.screen, { version, how: 'screen', by: null, now: then })) +
      (await noteShown(tx, people.paper, { version, how: 'paper', by: it.userId, now: then }))
    await audit(tx).write({
      ...{ actor: systemActor('set-up'), action: 'notice.handed-over', subjectKind: 'compliance-text' },
      ...{ subjectId: 'notice', after: { version, recorded } },
    })
    await holds(tx, manifest, today, now)
  })
}

async function told(tx: Tx, manifest: DemoManifest): Promise<{ screen: string[]; paper: string[] }> {
  const rows = await tx.query<{ id: string; account: boolean }>(
    `with staff as (
       select p.person_id as id, exists (select from account a where a.person_id = p.person_id and a.gone_at is null
           and a.enabled and a.kind = 'personal') as account,
         exists (select from account a where a.person_id = p.person_id and a.username = any($1)) as signs_in,
         row_number() over (order by p.family_name, p.given_name, p.birth_date, p.person_id) as place
       from person_current p where p.status = 'active' and p.kind <> 'pupil')
     select id, account from staff where signs_in or place % $2 <> 0`,
    [manifest.signIns.map(one => one.username), NOT_YET],
  )
  const without = rows.filter(row => !row.account).map(row => row.id)
  return {
    screen: rows.filter(row => row.account).map(row => row.id),
    // In the kitchens it was handed out at a meeting; the rest is still to be done.
    paper: without.slice(0, Math.floor(without.length / 2)),
  }
}

/** Two who have left and whose matter is not over; HR answers for it. */
async function holds(tx: Tx, manifest: DemoManifest, today: string, now: Date): Promise<void> {
  const actor = await actorOfRole(tx, manifest, 'hr', today)
  const left = await tx.query<{ id: string }>(
    `select p.person_id as id from person_current p join affiliation_current a on a.person_id = p.person_id
     where p.status = 'ended' and p.kind = 'employee' group by p.person_id
     order by max(a.ends_on) desc, p.family_name, p.given_name, p.birth_date, p.person_id limit 2`,
  )
  const matters = [
    ['Sag om afskedigelse i Ligebehandlingsnævnet', 400],
    ['Krav om erstatning, som forsikringen behandler', 20],
  ] as const
  for (const [place, { id }] of left.entries()) {
    const [reason, days] = matters[place] ?? matters[0]
    if (actor.personId)
      await placeHoldOn(
        tx,
        actor,
        { kind: 'person', subjectId: id, ownerId: actor.personId, expiresOn: addDays(today, days), reason },
        { today, now },
      )
  }
}
