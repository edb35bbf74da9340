import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'

/**
 * The one list of Debian packages that the tests need. `proof` is a file that the package brings: looking for files
 * instead of asking dpkg lets the tests run on any system that has the servers from somewhere else.
 */
export const SYSTEM_PACKAGES = [
  { name: 'slapd', proof: '/usr/sbin/slapd', for: 'OpenLDAP server' },
  { name: 'ldap-utils', proof: '/usr/bin/ldapsearch', for: 'ldapsearch, the comparison of the benchmark' },
  { name: 'samba-ad-dc', proof: '/usr/sbin/samba', for: 'Active Directory domain controller' },
  { name: 'samba-dsdb-modules', proof: '', for: 'directory database of the domain controller' },
  { name: 'samba-ad-provision', proof: '/usr/share/samba/setup/provision.ldif', for: 'creation of a domain' },
  { name: 'samba-common-bin', proof: '/usr/bin/samba-tool', for: 'creation of a domain' },
  { name: 'ldb-tools', proof: '/usr/bin/ldbadd', for: 'bulk load of a domain' },
  { name: 'chromium', proof: '/usr/bin/chromium', for: 'browser' },
  { name: 'openssl', proof: '/usr/bin/openssl', for: 'certificates of the test servers' },
] as const

/** Services that Debian would start at the next boot because we installed their package. The tests start their own. */
const SERVICES = ['slapd', 'samba-ad-dc', 'smbd', 'nmbd', 'winbind']

const POLICY_FILE = '/usr/sbin/policy-rc.d'

export type Machine = {
  /** Text of /etc/os-release, empty where there is none. */
  osRelease: string
  hasApt: boolean
  isRoot: boolean
  /** `sudo -n true` succeeds: no password is asked for. */
  hasSudo: boolean
}

export type InstallPlan =
  | { kind: 'nothing' }
  | { kind: 'install'; packages: string[]; prefix: string[] }
  | { kind: 'impossible'; message: string }

/** Which packages have no proof on this machine. */
export function missingPackages(exists: (path: string) => boolean = existsSync): string[] {
  return SYSTEM_PACKAGES.filter(entry => entry.proof !== '' && !exists(entry.proof)).map(entry => entry.name)
}

/** Decides what to do about missing packages; pure, so that machines we do not have can be tested. */
export function planInstall(missing: readonly string[], machine: Machine): InstallPlan {
  const mayBeRoot = machine.isRoot || machine.hasSudo
  if (missing.length === 0 && mayBeRoot) return { kind: 'nothing' }
  if (missing.length === 0) {
    return {
      kind: 'impossible',
      message:
        'The tests start a domain controller, whose ports are below 1024. Run them as root, or as a user for whom sudo asks no password.',
    }
  }
  const names = missing.join(' ')
  const isDebian = /^ID="?debian"?$/m.test(machine.osRelease)
  if (!isDebian || !machine.hasApt) {
    return {
      kind: 'impossible',
      message: `The tests need real servers that are missing here, and only Debian gets them installed by itself. Missing (Debian package names): ${names}. Install them, or run the tests in a Debian container.`,
    }
  }
  if (!mayBeRoot) {
    return {
      kind: 'impossible',
      message: `The tests need Debian packages that are missing here, and a domain controller that only root can start. Run them as root, or as a user for whom sudo asks no password. Missing: ${names}`,
    }
  }
  // dsdb-modules has no file of its own at a fixed path, so it follows the domain controller.
  const packages = missing.includes('samba-ad-dc') ? [...missing, 'samba-dsdb-modules'] : [...missing]
  return { kind: 'install', packages, prefix: machine.isRoot ? [] : ['sudo', '-n'] }
}

/**
 * Installs what is missing with apt-get and starts no service. Returns the names it installed.
 * Throws an Error whose message is one sentence that says what is missing and what to do.
 */
export function ensureSystemPackages(report: (line: string) => void = () => {}): string[] {
  const plan = planInstall(missingPackages(), thisMachine())
  if (plan.kind === 'nothing') return []
  if (plan.kind === 'impossible') throw new Error(plan.message)

  report(`Installing what the tests need: ${plan.packages.join(' ')}`)
  const asRoot = (args: string[], input?: string) => run([...plan.prefix, ...args], input)
  withoutServiceStarts(asRoot, () => {
    const apt = ['apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=300']
    // An outdated list is only a reason to stop if the installation then fails, so offline mirrors still work.
    const update = asRoot([...apt, 'update'])
    const install = asRoot([...apt, 'install', '--no-install-recommends', ...plan.packages])
    if (install.status !== 0) {
      const said = `${update.status === 0 ? '' : lastLines(update.output)}\n${lastLines(install.output)}`.trim()
      throw new Error(`apt-get could not install ${plan.packages.join(' ')}. It said:\n${said}`)
    }
    if (existsSync('/run/systemd/system')) asRoot(['systemctl', 'disable', ...SERVICES])
  })

  const still = missingPackages()
  if (still.length > 0) throw new Error(`apt-get reported success, but these are still missing: ${still.join(' ')}`)
  return plan.packages
}

function thisMachine(): Machine {
  return {
    osRelease: existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '',
    hasApt: existsSync('/usr/bin/apt-get'),
    isRoot: process.getuid?.() === 0,
    hasSudo: run(['sudo', '-n', 'true']).status === 0,
  }
}

/** Debian asks /usr/sbin/policy-rc.d before it starts a service; a file that is there already is left as it is. */
function withoutServiceStarts(asRoot: (args: string[], input?: string) => { status: number }, work: () => void): void {
  const ours = !existsSync(POLICY_FILE)
  if (ours) {
    asRoot(['tee', POLICY_FILE], '#!/bin/sh\nexit 101\n')
    asRoot(['chmod', '755', POLICY_FILE])
  }
  try {
    work()
  } finally {
    if (ours) asRoot(['rm', '-f', POLICY_FILE])
  }
}

function run(command: string[], input = ''): { status: number; output: string } {
  const [file = '', ...args] = command
  const isInstall = args.includes('DEBIAN_FRONTEND=noninteractive') || file === 'apt-get' || args.includes('apt-get')
  // `env` carries the setting through sudo, which would drop it from the environment.
  const argv = isInstall ? withEnvironment(command) : [file, ...args]
  const result = spawnSync(argv[0] ?? '', argv.slice(1), {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: process.env.HOME ?? '/',
      ...proxySettings(),
    },
  })
  return { status: result.status ?? 127, output: `${result.stdout ?? ''}${result.stderr ?? ''}` }
}

function withEnvironment(command: string[]): string[] {
  const at = command.indexOf('apt-get')
  const settings = { DEBIAN_FRONTEND: 'noninteractive', ...proxySettings() }
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  return [...command.slice(0, at), 'env', ...assignments, ...command.slice(at)]
}

function proxySettings(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  return Object.fromEntries(names.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-8).join('\n')
}
