import type { Client } from 'ldapts'
import { connectionOf } from './ldap-client.ts'
import { readEntry } from './ldap-search.ts'

/** Which server it is that answers: what change numbers and cookies are good for, and for nothing else. */
export type ServerIdentity = {
  url: string
  /** DN of the domain controller's own settings; null where it is no Active Directory, or does not say. */
  dsServiceName: string | null
  /** Of the database on that controller: a new one after it has been restored from a backup ([MS-ADTS] 3.1.1.1.9). */
  invocationId: string | null
}

export async function serverIdentity(client: Client): Promise<ServerIdentity> {
  const { url } = connectionOf(client)
  const root = await readEntry(client, '', ['dsServiceName'])
  const dsServiceName = root?.attributes.get('dsservicename')?.[0]
  if (typeof dsServiceName !== 'string' || dsServiceName === '') return { url, dsServiceName: null, invocationId: null }
  const settings = await readEntry(client, dsServiceName, ['invocationId'])
  const id = settings?.attributes.get('invocationid')?.[0]
  return { url, dsServiceName, invocationId: id === undefined ? null : Buffer.from(id).toString('hex') }
}
