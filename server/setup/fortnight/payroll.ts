import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { audit } from '../../audit/audit-store.ts'
import { addDays } from '../../lifecycle/cases/case.ts'
import type { NormalAttrs } from '../../platform/feed-record.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import type { House } from '../../wiring.ts'

/** What payroll sends of the fortnight, a week after it was so: a file in a folder that is watched. */
type Parts = Pick<House, 'db' | 'clock' | 'feeds' | 'sources' | 'screen'>

const KEY = 'loen-senere'
const WATCHED: NormalAttrs = {
  key: KEY,
  name: { da: 'Løn, der kom senere', en: 'Payroll that came later' },
  kind: 'csv',
  authority: 20,
  delimiter: ';',
  // With a sign beside each file that it is whole: nobody waits to see whether it grows.
  drops: { folder: KEY, done: true },
  files: [
    {
      pattern: 'personer-*.csv',
      record: 'person',
      key: 'Medarbejdernr',
      map: { givenName: 'Fornavn', familyName: 'Efternavn', birthDate: { column: 'Født', date: 'iso' } },
    },
    {
      pattern: 'ansaettelser-*.csv',
      record: 'affiliation',
      key: 'Medarbejdernr',
      map: {
        ...{ person: 'Medarbejdernr', affiliationKind: { const: 'employment' }, employeeNo: 'Medarbejdernr' },
        ...{ unit: 'Enhed', title: 'Stilling', startsOn: { column: 'Ansat', date: 'iso' } },
      },
    },
  ],
}
/**
 * Payroll tells of somebody who was reported and started last week, and of somebody whom nobody has reported. Read as any
 * file that is dropped; a second set-up finds the source and leaves it.
 */
export async function payrollArrives(
  { db, clock, feeds, sources, screen }: Parts,
  it: Actor,
  { given, family, born, requestId }: { given: string; family: string; born: string; requestId: string },
): Promise<void> {
  if (screen.dropsDir === null) return
  const known = await db.transaction(async tx => {
    const [source] = await tx.query('select from source where key = $1', [KEY])
    const [job] = await tx.query<{ unit: string; title: string; startsOn: string }>(
      `select u.key as unit, ac.title, ac.starts_on::text as "startsOn" from affiliation_current ac
       join person_current p on p.person_id = ac.person_id join org_unit_current u on u.unit_id = ac.unit_id
       where p.given_name = $1 and p.family_name = $2 and ac.status = 'active' order by ac.affiliation_id limit 1`,
      [given, family],
    )
    if (source || !job) return null
    const made = await sources.create(
      tx,
      { id: it.userId },
      {
        declaration: WATCHED,
        confirmSecret: false,
        reason: 'Løn sender det, der kom for sent til den almindelige fil',
      },
    )
    await audit(tx).write({
      ...{ actor: auditActor(it), action: made.action, subjectKind: 'source', subjectId: KEY, requestId },
      ...{ after: made.after, detail: { version: made.version, reason: made.reason } },
    })
    return job
  })
  if (!known) return
  const today = clock.today()
  const files = {
    personer: [
      'Medarbejdernr;Fornavn;Efternavn;Født',
      `L-90001;${given};${family};${born}`,
      'L-90002;Bodil;Vestervang;1990-06-03',
    ],
    ansaettelser: [
      'Medarbejdernr;Enhed;Stilling;Ansat',
      `L-90001;${known.unit};${known.title};${known.startsOn}`,
      `L-90002;${known.unit};${known.title};${addDays(today, -7)}`,
    ],
  }
  const folder = join(screen.dropsDir, KEY)
  mkdirSync(folder, { recursive: true })
  for (const [name, lines] of Object.entries(files)) {
    const path = join(folder, `${name}-${today}.csv`)
    writeFileSync(path, `${lines.join('\r\n')}\r\n`)
    writeFileSync(`${path}.done`, '')
  }
  await feeds.takeDrops()
}
