import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultDataDir } from '../../../server/platform/data-dir.ts'
import { findBinaries } from '../../../server/platform/postgres/binaries.ts'
import { explainFailure } from '../../../server/platform/postgres/postgres-problem.ts'
import { chooseUser } from '../../../server/platform/postgres/run-as.ts'
import { startPostgres } from '../../../server/platform/postgres/start.ts'
import { isRoot, NOBODY, readableCheckout, spawnOwner, temporaryDir } from './postgres-fixture.ts'

const TIMEOUT = 90_000
const reason = (of: string) => ({ info: { params: { reason: of } } })
const thrown = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  return null
}

test('a folder that cannot be made or written to is named, with what to do', async () => {
  const dataDir = join(temporaryDir(), 'a-file')
  writeFileSync(dataDir, '')
  await expect(startPostgres({ dataDir })).rejects.toMatchObject({
    ...reason('data-dir-unwritable'),
    message: expect.stringMatching(/a-file cannot be written to .*HJEMMEL_DATA_DIR/),
  })
  await expect(startPostgres({ dataDir: '/proc/hjemmel' })).rejects.toMatchObject(reason('data-dir-unwritable'))
})

test('data of another major version are not touched', async () => {
  const dataDir = temporaryDir()
  await (await startPostgres({ dataDir, version: 16 })).stop()
  await expect(startPostgres({ dataDir, version: 18 })).rejects.toMatchObject({
    ...reason('other-version'),
    message: expect.stringMatching(/were written by PostgreSQL 16, and this is PostgreSQL 18/),
  })
  await (await startPostgres({ dataDir, version: 16 })).stop()
}, 60_000)

test(
  'a password file that cannot be read is said, and not replaced',
  async () => {
    const dataDir = temporaryDir()
    await (await startPostgres({ dataDir, durability: 'off' })).stop()
    const file = join(dataDir, 'postgres/postgres.json')
    writeFileSync(file, '{"adminPass')
    await expect(startPostgres({ dataDir })).rejects.toMatchObject(reason('password-missing'))
    expect(readFileSync(file, 'utf8')).toBe('{"adminPass')
  },
  TIMEOUT,
)

test(
  'a setting PostgreSQL does not take ends the start with what it said',
  async () => {
    const start = startPostgres({ dataDir: temporaryDir(), durability: 'off', extraSettings: { no_such_thing: '1' } })
    await expect(start).rejects.toMatchObject({
      ...reason('start-failed'),
      message: expect.stringContaining('unrecognized configuration parameter "no_such_thing"'),
    })
  },
  TIMEOUT,
)

test('a machine for which there are no binaries is told to use DATABASE_URL', () => {
  for (const [platform, arch] of [
    ['darwin', 'arm64'],
    ['linux', 's390x'],
  ] as const)
    expect(thrown(() => findBinaries(18, platform, arch))).toMatchObject({
      ...reason('binaries-missing'),
      message: expect.stringContaining('DATABASE_URL'),
    })
})

test('the sentence is made of what PostgreSQL said: the disk, else its first FATAL line', () => {
  const folder = temporaryDir()
  const full = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
  expect(explainFailure('Starting', full, folder)).toMatchObject(reason('disk-full'))
  const output = '2026-01-01 LOG:  starting\n2026-01-01 [7] FATAL:  data directory has wrong ownership\nHINT: x'
  expect(explainFailure('Starting', output, folder).message).toMatch(
    /^Starting failed: data directory has wrong ownership\. /,
  )
})

test('the default folder: in the checkout for a user, below /var/lib for root, another for another checkout', () => {
  expect(defaultDataDir(1000, '/home/anna/hjemmel')).toBe('/home/anna/hjemmel/.data')
  expect(defaultDataDir(0, '/root/a')).toMatch(/^\/var\/lib\/hjemmel\/[0-9a-f]{12}$/)
  expect(defaultDataDir(0, '/root/a')).not.toBe(defaultDataDir(0, '/root/b'))
  expect(chooseUser('/nowhere', 1000)).toBeNull()
})

test(
  'an ordinary user starts it, kills it, takes it over, from a checkout that cannot be written to',
  async () => {
    const asUser = isRoot ? { uid: NOBODY, from: readableCheckout() } : {}
    const dataDir = temporaryDir(0o777)
    const owner = spawnOwner(dataDir, asUser)
    const { pid = 0, sentence } = await owner.message
    expect(sentence).toBeUndefined()
    expect(statSync(`/proc/${pid}`).uid).toBe(isRoot ? NOBODY : process.getuid?.())
    await owner.kill9()
    const next = spawnOwner(dataDir, asUser)
    expect(await next.message).toMatchObject({ pid, adopted: true })
    await next.stop()

    const closed = temporaryDir()
    chmodSync(closed, 0o555)
    const refused = spawnOwner(closed, asUser)
    expect(await refused.message).toMatchObject({ problem: 'config-invalid', reason: 'data-dir-unwritable' })
  },
  TIMEOUT,
)

// Only root can mount a file system that is full, and only root has another user's folder to fail on.
if (isRoot)
  describe('as root', () => {
    test('PostgreSQL runs as an unprivileged user, who must be able to enter the folder', async () => {
      const hidden = join(temporaryDir(0o700), 'data')
      await expect(startPostgres({ dataDir: hidden })).rejects.toMatchObject({
        ...reason('data-dir-unreachable'),
        message: expect.stringMatching(/cannot enter .*HJEMMEL_DATA_DIR/),
      })
      expect(chooseUser('/nowhere')?.uid).toBeGreaterThan(0)
    })

    test(
      'the owner of the data stays their owner, also when a user "postgres" has come since',
      async () => {
        const dataDir = temporaryDir(0o777)
        const from = readableCheckout()
        const first = spawnOwner(dataDir, { uid: NOBODY, from })
        await first.message
        await first.stop()
        const running = await startPostgres({ dataDir })
        expect(statSync(`/proc/${running.pid}`).uid).toBe(NOBODY)
        await running.stop()
      },
      TIMEOUT,
    )

    for (const [megabytes, when] of [
      [1, 'before anything is there'],
      [30, 'while the binaries are copied'],
      [75, 'in initdb'],
    ] as const)
      testOnSmallDisk(`a full disk ${when}`, megabytes, async dataDir => {
        await expect(startPostgres({ dataDir })).rejects.toMatchObject({
          ...reason('disk-full'),
          message: expect.stringMatching(/no room left on the disk .*HJEMMEL_DATA_DIR/),
        })
      })

    testOnSmallDisk('a disk that fills up between two starts, and has room again', 250, async dataDir => {
      await (await startPostgres({ dataDir })).stop()
      const filler = join(dataDir, 'filler')
      fill(filler)
      await expect(startPostgres({ dataDir })).rejects.toMatchObject(reason('disk-full'))
      execFileSync('rm', [filler])
      const running = await startPostgres({ dataDir })
      await running.stop()
    })
  })

function testOnSmallDisk(title: string, megabytes: number, work: (dataDir: string) => Promise<void>): void {
  test(
    `${title}`,
    async () => {
      const disk = join(temporaryDir(), 'disk')
      mkdirSync(disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'tmpfs', disk])
      try {
        await work(disk)
      } finally {
        execFileSync('umount', ['-l', disk])
      }
    },
    TIMEOUT,
  )
}

function fill(file: string): void {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=64k'], { stdio: 'ignore' })
  } catch {
    // dd ends with an error when the disk is full: that is what it is for.
  }
}
