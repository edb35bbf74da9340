import { expect, test } from 'vitest'
import { type Machine, missingPackages, planInstall } from '../setup/system-packages.ts'

const debian: Machine = { osRelease: 'NAME="Debian"\nID=debian\n', hasApt: true, isRoot: true, hasSudo: false }

test('a machine that has everything needs nothing but root, whatever it is', () => {
  const other: Machine = { osRelease: '', hasApt: false, isRoot: true, hasSudo: false }
  const missing = missingPackages(() => true)
  expect(planInstall(missing, other)).toEqual({ kind: 'nothing' })
  expect(planInstall(missing, { ...other, isRoot: false, hasSudo: true })).toEqual({ kind: 'nothing' })
  const user = planInstall(missing, { ...other, isRoot: false })
  expect(user.kind === 'impossible' && user.message).toMatch(/as root, or as a user for whom sudo/)
})

test('the set-up step has left nothing missing on this machine', () => {
  expect(missingPackages()).toEqual([])
})

test('what is missing is found by the file it brings', () => {
  expect(missingPackages(path => path !== '/usr/sbin/slapd')).toEqual(['slapd'])
})

test('root installs directly, a user with sudo through it', () => {
  expect(planInstall(['slapd'], debian)).toEqual({ kind: 'install', packages: ['slapd'], prefix: [] })
  expect(planInstall(['slapd'], { ...debian, isRoot: false, hasSudo: true })).toEqual({
    kind: 'install',
    packages: ['slapd'],
    prefix: ['sudo', '-n'],
  })
})

test('the database modules follow the domain controller, without which it cannot open a domain', () => {
  expect(planInstall(['samba-ad-dc'], debian)).toMatchObject({ packages: ['samba-ad-dc', 'samba-dsdb-modules'] })
})

test.each([
  ['another system', { ...debian, osRelease: 'ID=ubuntu\nID_LIKE=debian\n' }, /only Debian.*slapd chromium/],
  ['Debian without apt-get', { ...debian, hasApt: false }, /Missing.*slapd chromium/],
  ['no root and no sudo', { ...debian, isRoot: false }, /as root.*Missing: slapd chromium/],
])('%s is told what is missing and what to do', (_name, machine, message) => {
  const plan = planInstall(['slapd', 'chromium'], machine)
  expect(plan.kind).toBe('impossible')
  expect(plan.kind === 'impossible' && plan.message).toMatch(message)
})
