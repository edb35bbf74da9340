import { proposalsBehind } from '../access/purposes/proposals-view.ts'
import type { DemoManifest } from '../demo/manifest.ts'
import { addDays } from '../platform/civil-date.ts'
import { figuresForNewTables } from '../platform/planner.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { approve, type Decision, decide, make } from '../register/bindings/binding-service.ts'
import type { BindingTerms } from '../register/bindings/binding-store.ts'
import type { House } from '../wiring.ts'
import { actorOfRole, actorOfUsername } from './actors.ts'

type Named = {
  systemId: string
  system: string
  activityId: string
  purposeKey: string
  purpose: string
  units: string[]
}

type Right = { id: string; activityId: string; purposeKey: string; name: string; privileged: boolean }

/** What a right is for, as its name says it. */
const doing = ({ name, privileged }: Right) =>
  privileged ? 'keep' : /læs|opslag|indsigt/i.test(name) ? 'read' : 'work'
const OPERATIONS_OF = {
  keep: ['read', 'write', 'delete', 'export'],
  read: ['read'],
  work: ['read', 'write'],
} as const
const NEEDS = {
  keep: (name: string) => `${name} skal kunne rette fejl, slette efter fristen og trække data ud til statistik.`,
  read: (name: string) => `${name} skal kunne se sagens oplysninger for at svare borgeren.`,
  work: (name: string) => `${name} skal kunne læse og skrive i de sager, de selv behandler.`,
} as const

/** One system in five has nobody said anything about yet: enough that is unexplained to be believable. */
const UNSAID = 5

/**
 * What rights of the demonstration are for: systems that a record names are bound to it, a few rights and rules are bound on
 * their own, some wait for a yes, and one binding has come to its end. Through the doors that everybody uses.
 */
export async function demoBindings(house: Pick<House, 'db' | 'clock'>, manifest: DemoManifest): Promise<void> {
  await house.db.transaction(async tx => {
    const [before] = await tx.query('select from purpose_binding limit 1')
    if (before) return
    const when = { today: house.clock.today(), now: house.clock.now() }
    const it = await actorOfRole(tx, manifest, 'it', when.today)
    const named = await recordedSystems(tx, when.today)
    const said = named.filter((_, place) => place % UNSAID !== UNSAID - 1)
    const keyOf = (one: Named) => `system:${one.systemId}:${one.activityId}`
    const behind = await proposalsBehind(tx, it, said.map(keyOf), when.today)
    const decisions = said.flatMap((one): Decision[] => {
      const proposal = behind.get(keyOf(one))
      if (!proposal || proposal.confidence === 'weak') return []
      const who = one.units.length === 1 ? one.units[0] : 'Kommunens medarbejdere'
      return [
        {
          ...{ action: 'accept', proposal },
          terms: {
            necessity: `${who} bruger ${one.system} til at løse opgaven: ${one.purpose}.`,
            // Who deletes and who takes data out is said of the rights that are for it.
            operations: ['read', 'write'],
          },
        },
      ]
    })
    await decide(tx, it, decisions, when)

    // What ended ten days ago, on a system that nothing else is said about.
    const unsaid = named.filter(one => !said.some(other => other.systemId === one.systemId))
    const past = { today: addDays(when.today, -200), now: when.now }
    const [ended] = unsaid
    if (ended)
      await make(
        tx,
        it,
        {
          object: { level: 'system', systemId: ended.systemId },
          terms: words(ended, 'Brugt under den gamle ordning, som er afløst.', addDays(when.today, -10)),
        },
        past,
      )

    // Nearer to the person than the system: rights with sensitive content, and what one rule gives.
    const rights = await tx.query<Right>(
      `select distinct on (s.key, e.privileged) e.id, b.activity_id as "activityId", b.purpose_key as "purposeKey", e.name, e.privileged
       from entitlement e join it_system s on s.id = e.system_id
       join purpose_binding b on b.system_id = s.id and upper_inf(b.recorded) and b.approved_at is not null and upper_inf(b.valid)
       join activity g on g.id = b.activity_id
       where (e.privileged or e.sensitivity in ('special', 'criminal')) and e.gone_at is null
         and exists (select from assignment a where a.entitlement_id = e.id)
       order by s.key, e.privileged, e.key, g.ref, b.purpose_key limit 18`,
    )
    for (const right of rights)
      await make(
        tx,
        it,
        {
          object: { level: 'entitlement', entitlementId: right.id },
          terms: {
            ...words(right, NEEDS[doing(right)](right.name)),
            operations: [...OPERATIONS_OF[doing(right)]],
            reviewMonths: 6,
          },
        },
        when,
      )
    const second = await otherAdministrator(tx, it.personId, when.today)
    const rules = await tx.query<{ key: string; activityId: string; purposeKey: string; name: string }>(
      `with given as materialized (
         select distinct d.rule_key, e.system_id from assignment a join derivation d on d.id = a.derivation_id
         join entitlement e on e.id = a.entitlement_id
       )
       select distinct on (r.key) r.key, r.name, b.activity_id as "activityId", b.purpose_key as "purposeKey"
       from rights_rule r join given on given.rule_key = r.key
       join purpose_binding b on b.system_id = given.system_id and upper_inf(b.recorded) and b.approved_at is not null and upper_inf(b.valid)
       join activity g on g.id = b.activity_id
       where upper_inf(r.recorded) and not r.inverted order by r.key, g.ref, b.purpose_key limit 5`,
    )
    for (const [place, rule] of rules.entries()) {
      const { id } = await make(
        tx,
        it,
        {
          object: { level: 'rule', ruleKey: rule.key },
          terms: words(rule, `Reglen »${rule.name}« giver det, som arbejdet kræver.`),
        },
        when,
      )
      // The others wait for a colleague.
      if (place < 2 && second) await approve(tx, second, id, when)
    }
    await figuresForNewTables(tx, ['purpose_binding'])
  })
}

const words = (
  { activityId, purposeKey }: { activityId: string; purposeKey: string },
  necessity: string,
  until: string | null = null,
): BindingTerms => ({
  ...{ activityId, purposeKey, subjects: null, data: null, operations: [], scope: {} },
  ...{ necessity, until, reviewMonths: 12 },
})

/** Systems that records in force name, with the first purpose of each record. */
async function recordedSystems(tx: Tx, today: string): Promise<Named[]> {
  return tx.query<Named>(
    `select s.id as "systemId", s.name as system, f.activity_id as "activityId",
       p.key as "purposeKey", p.name as purpose,
       array(select u.name from activity_unit au join org_unit_current u on u.unit_id = au.unit_id where au.version_id = f.version_id order by u.key) as units
     from activity_in_force f join activity g on g.id = f.activity_id
     join activity_system y on y.version_id = f.version_id join it_system s on s.id = y.system_id
     cross join lateral (select * from activity_purpose p where p.version_id = f.version_id order by p.place limit 1) p
     where upper_inf(f.recorded) and f.valid @> $1::date order by s.key, g.ref`,
    [today],
  )
}

async function otherAdministrator(tx: Tx, personId: string | null, today: string) {
  const [row] = await tx.query<{ username: string }>(
    `select acc.username from entitlement e join assignment a on a.entitlement_id = e.id
     join affiliation_current ac on ac.affiliation_id = a.affiliation_id and ac.status = 'active'
     join account acc on acc.person_id = ac.person_id and acc.situation = 'linked' and acc.enabled and acc.gone_at is null and acc.kind = 'personal'
     where e.key = 'hjemmel/it' and ac.person_id <> $1 order by acc.username limit 1`,
    [personId],
  )
  return row ? actorOfUsername(tx, row.username, today) : null
}
