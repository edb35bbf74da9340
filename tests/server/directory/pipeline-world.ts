import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import { ldifReader } from '../../../server/directory/ldif-reader.ts'
import { createFeeds, type Feeds } from '../../../server/feeds/feeds-service.ts'
import type { SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { createKeyring } from '../../../server/platform/keyring.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { sinks } from '../../../server/wiring.ts'

/** The pipeline with the product's own sinks, reading the given sources. */
export async function feedsOf(db: Db, sources: SourceDeclaration[], password: string): Promise<Feeds> {
  const feeds = createFeeds({
    db,
    sinks: sinks(),
    readers: [ldapReader, ldifReader],
    keyring: createKeyring([{ id: 'k1', secret: Buffer.alloc(32, 7) }]),
    clock: systemClock,
    log: silentLog,
    secretOf: () => password,
  })
  await feeds.syncSources(sources)
  return feeds
}

/** Everything that a directory has brought, without what each run writes anew: identities and times. */
export async function townOf(db: Db) {
  const ask = <T>(sql: string) => db.snapshot(tx => tx.query<T & object>(sql))
  return {
    records: await ask(
      `select source, kind, key, encode(hash, 'hex') as hash, missing_since is not null as missing, gone_at is not null as gone
       from source_record order by 1, 2, 3`,
    ),
    accounts: await ask(
      `select source, key, username, display_name, dn, enabled, gone_at is not null as gone from account order by 1, 2`,
    ),
    members: await ask(
      `select g.source, g.name as "group", coalesce(a.username, '(' || c.name || ')') as member
       from group_member m join directory_group g on g.id = m.group_id left join account a on a.id = m.member_account_id
       left join directory_group c on c.id = m.member_group_id order by 1, 2, 3`,
    ),
  }
}

export type Member = { source: string; group: string; member: string }
export const membersOf = async (db: Db, group: string): Promise<string[]> =>
  ((await townOf(db)).members as Member[]).filter(row => row.group === group).map(row => row.member)

/** Entitlements of a system, each given by the group of a source that has this name. */
export async function mapGroups(db: Db, source: string, groups: Record<string, string>): Promise<void> {
  await db.transaction(async tx => {
    await tx.query(`insert into it_system (key, name, source) values ('nexus', 'Nexus', 'manual')`)
    for (const [group, right] of Object.entries(groups)) {
      await tx.query(
        `insert into entitlement (key, system_id, name, source) select 'nexus/' || $1::text, id, $1, 'manual' from it_system`,
        [right],
      )
      await tx.query(`insert into group_mapping (source, pattern, entitlement) values ($1, $2, 'nexus/' || $3::text)`, [
        source,
        group,
        right,
      ])
    }
  })
}

/** Who has which right, by how many paths, and over which groups the shortest of them leads. */
export const rightsOf = (db: Db) =>
  db.snapshot(tx =>
    tx.query<{ username: string; right: string; paths: number; via: string[] }>(
      `select a.username, e.name as right, o.paths,
         array(select g.name from unnest(o.via) with ordinality as v (id, place) join directory_group g on g.id = v.id order by v.place) as via
       from observed_right o join account a on a.id = o.account_id join entitlement e on e.id = o.entitlement_id order by 1, 2`,
    ),
  )
