import type { DemoManifest } from '../demo/manifest.ts'
import { make } from '../register/bindings/binding-service.ts'
import type { House } from '../wiring.ts'
import { actorOfRole } from './actors.ts'
import { firstTime } from './once.ts'

/**
 * F07: a right to special categories that is bound to the ordinary data of its activity only. Of a right that nobody has said
 * anything of on its own, through the door that everybody uses.
 */
export async function demoFindings(house: Pick<House, 'db' | 'clock'>, manifest: DemoManifest): Promise<void> {
  await house.db.transaction(async tx => {
    if (!(await firstTime(tx, 'findings'))) return
    const when = { today: house.clock.today(), now: house.clock.now() }
    const it = await actorOfRole(tx, manifest, 'it', when.today)
    const [right] = await tx.query<{
      id: string
      name: string
      activityId: string
      purposeKey: string
      data: string[]
    }>(
      `select e.id, e.name, b.activity_id as "activityId", b.purpose_key as "purposeKey",
         array(select distinct r.data from activity_row r join vocabulary_term t on t.kind = 'data' and t.code = r.data
           where r.version_id = f.version_id and t.class = 'ordinary' order by 1) as data
       from purpose_binding b join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded) and f.valid @> $1::date
       join activity g on g.id = b.activity_id
       join entitlement e on e.system_id = b.system_id and e.sensitivity = 'special' and e.gone_at is null
       where b.level = 'system' and upper_inf(b.recorded) and b.approved_at is not null and upper_inf(b.valid)
         and exists (select from assignment a where a.entitlement_id = e.id)
         and not exists (select from purpose_binding o where o.entitlement_id = e.id)
         and (select array_agg(distinct t.class) from activity_row r join vocabulary_term t on t.kind = 'data' and t.code = r.data
           where r.version_id = f.version_id) @> '{ordinary,special}'
       order by e.key, g.ref, b.purpose_key limit 1`,
      [when.today],
    )
    if (!right) return
    await make(
      tx,
      it,
      {
        object: { level: 'entitlement', entitlementId: right.id },
        terms: {
          ...{
            activityId: right.activityId,
            purposeKey: right.purposeKey,
            subjects: null,
            data: right.data,
            scope: {},
          },
          ...{ operations: ['read'], until: null, reviewMonths: 12 },
          necessity: 'Slår navn og adresse op, når der skal sendes brev til borgeren.',
        },
      },
      when,
    )
  })
}
