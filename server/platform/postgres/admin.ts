import pg from 'pg'

/** Names and passwords go into a statement as text: CREATE DATABASE and CREATE ROLE take no parameters. */
const { escapeIdentifier, escapeLiteral } = pg

/** The same server, another database. Encoded the way `pg` decodes it, which leaves `?` and `#` no way in. */
export function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURI(database)}`
  return url.href
}

/** One short connection for one piece of work. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // A server that goes away while we talk is reported by the query that fails; without a listener it would end us.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/**
 * Create a database, by default empty, or as a copy of `template` (nobody may be connected to that), and return its
 * address with the same user. `owner` is an existing role.
 */
export async function createDatabase(
  adminUrl: string,
  name: string,
  options: { template?: string; owner?: string } = {},
): Promise<string> {
  const template = options.template ? ` template ${escapeIdentifier(options.template)}` : ''
  const owner = options.owner ? ` owner ${escapeIdentifier(options.owner)}` : ''
  await withClient(adminUrl, client => client.query(`create database ${escapeIdentifier(name)}${owner}${template}`))
  return urlOf(adminUrl, name)
}

/** Drop a database, with whoever is connected to it; nothing happens when it is not there. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, client => client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`))
}

/**
 * The role the application signs in with, and its database of the same name. It owns that database but is no superuser:
 * a fault in the application must not reach the server's files. May run any number of times.
 */
export async function ensureApplicationDatabase(adminUrl: string, name: string, password: string): Promise<void> {
  await withClient(adminUrl, async client => {
    // A process that was killed in here may still have its statement running in the server; wait for that to end.
    await client.query("select pg_advisory_lock(hashtext('hjemmel: application database'))")
    const role = await client.query('select 1 from pg_roles where rolname = $1', [name])
    if (role.rowCount === 0)
      await client.query(`create role ${escapeIdentifier(name)} login password ${escapeLiteral(password)}`)
    const database = await client.query('select 1 from pg_database where datname = $1', [name])
    if (database.rowCount === 0)
      await client.query(`create database ${escapeIdentifier(name)} owner ${escapeIdentifier(name)}`)
    await client.query(`revoke connect, temporary on database ${escapeIdentifier(name)} from public`)
  })
}
