import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'

export type Certificate = { certFile: string; keyFile: string }
export type Validity = 'current' | 'expired' | 'not-yet'

export type Authority = {
  /** PEM file to give to clients as their CA file. */
  caFile: string
  caPem: string
  /** A server certificate for these host names and addresses (as subject alternative names). */
  issue(name: string, hosts: readonly string[], validity?: Validity): Certificate
}

const DAY = 24 * 60 * 60 * 1000
const RANGES: Record<Validity, [number, number]> = {
  current: [-DAY, 30 * DAY],
  expired: [-60 * DAY, -30 * DAY],
  'not-yet': [30 * DAY, 60 * DAY],
}

/** A certificate authority of our own in `folder`, made with openssl (P-256: its keys are there at once). */
export function createAuthority(folder: string, commonName = 'Hjemmel test CA'): Authority {
  mkdirSync(folder, { recursive: true })
  const caFile = join(folder, 'ca.crt')
  const caKey = join(folder, 'ca.key')
  if (!existsSync(caFile)) {
    newKey(caKey)
    writeFileSync(join(folder, 'openssl.cnf'), openSslConfig(folder))
    writeFileSync(join(folder, 'index.txt'), '')
    const ask = ['req', '-config', join(folder, 'openssl.cnf'), '-new', '-x509', '-key', caKey, '-out', caFile]
    openssl([...ask, '-days', '60', '-subj', `/CN=${commonName}`, '-extensions', 'authority'])
  }
  const issue = (name: string, hosts: readonly string[], validity: Validity = 'current'): Certificate => {
    const path = (suffix: string) => join(folder, `${name}.${suffix}`)
    newKey(path('key'))
    const config = join(folder, 'openssl.cnf')
    const subject = `/CN=${hosts.find(host => isIP(host) === 0) ?? hosts[0]}`
    openssl(['req', '-config', config, '-new', '-key', path('key'), '-out', path('csr'), '-subj', subject])
    const names = hosts.map(host => `${isIP(host) ? 'IP' : 'DNS'}:${host}`).join(',')
    writeFileSync(
      path('ext'),
      `basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=${names}\n`,
    )
    const [from, to] = RANGES[validity].map(offset => opensslTime(new Date(Date.now() + offset))) as [string, string]
    const sign = ['ca', '-config', config, '-batch', '-notext', '-in', path('csr'), '-out', path('crt')]
    openssl([...sign, '-extfile', path('ext'), '-startdate', from, '-enddate', to])
    return { certFile: path('crt'), keyFile: path('key') }
  }
  return { caFile, caPem: readFileSync(caFile, 'utf8'), issue }
}

function newKey(file: string): void {
  openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file])
}

function openssl(args: string[]): void {
  // OPENSSL_CONF is left out of the environment, so that a machine's own settings cannot change what is made here.
  execFileSync('/usr/bin/openssl', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/' },
  })
}

/** YYYYMMDDHHMMSSZ, the form `openssl ca` takes. */
function opensslTime(date: Date): string {
  return `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
}

function openSslConfig(folder: string): string {
  return `[ca]
default_ca = own
[own]
database = ${folder}/index.txt
new_certs_dir = ${folder}
certificate = ${folder}/ca.crt
private_key = ${folder}/ca.key
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = subject
prompt = no
[subject]
commonName = unused
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
`
}
