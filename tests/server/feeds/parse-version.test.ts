import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { defaultSearches } from '../../../server/directory/default-records.ts'
import { PARSE_VERSION } from '../../../server/feeds/reading/read-content.ts'
import { createPeopleSinks } from '../../../server/people/people-sinks.ts'
import type { NormalAttrs, RecordKind } from '../../../server/platform/feed-record.ts'
import { systemSinks } from '../../../server/systems/system-sinks.ts'

/** One record of each kind with every attribute that is known, and each sort of value once; then with nothing but the key. */
const SAMPLES: Record<RecordKind, NormalAttrs[]> = {
  unit: [
    {
      name: ' Børn og Unge ',
      unitKind: 'department',
      tree: 'admin',
      parent: 'u0',
      manager: 'm1',
      kle: '27.00|28',
      mapsTo: 'x',
      validFrom: '2024-01-02',
      validTo: '9999-12-31',
    },
    { name: 'Løn', tree: 'pay', kle: ['27', '00'] },
  ],
  position: [{ name: 'Sygeplejerske', category: 'care', titles: 'Sygeplejerske|Sygeplejerske, afd.' }],
  person: [
    {
      givenName: 'Åse',
      familyName: 'Ærø',
      realm: 'pupil',
      cprHash: 'a'.repeat(64),
      cprSealed: 'k1.x',
      birthDate: '2001-02-03',
      email: 'a@b.dk',
      phone: '12345678',
      protected: 'ja',
    },
    { givenName: 'Bo', familyName: '' },
    { givenName: 'Bo', familyName: 'Bo', cprInvalid: true },
  ],
  affiliation: [
    {
      person: 'p1',
      affiliationKind: 'employment',
      employeeNo: 4711,
      unit: 'u1',
      payUnit: 'l1',
      unitOverride: '',
      title: 'Lærer',
      fraction: '0,8',
      startsOn: '2020-01-01',
      endsOn: null,
      primary: 'x',
      functions: 'a,b',
      leaveFrom: '2024-01-01',
      leaveTo: '2024-02-01',
      leaveKind: 'orlov',
      schoolClass: '7A',
      sponsor: 's',
    },
    { person: 'p1', affiliationKind: 'employment', fraction: 80, startsOn: '2020-01-02', endsOn: '2020-01-01' },
  ],
  deputy: [{ unit: 'u1', deputy: 'a1', from: '2024-01-01', to: '9999-01-01' }],
  system: [
    {
      name: 'KMD Nexus',
      area: 'Ældre',
      kle: '27.00|28',
      owner: 'a1',
      responsible: 'Ole i driften',
      contact: 'a2',
      unit: 'u1',
      supplier: 'KMD A/S',
      criticality: 'Kritisk',
      businessCritical: 'ja',
      hosting: 'ekstern',
      systemKind: 'it',
      status: 'active',
      login: 'sso',
      reading: 'groups',
      changeMode: 'manual',
      userCount: '100-or-more',
      description: 'd',
      purpose: 'p',
      contract: 'Drift',
      contractNo: '4711',
      contractFrom: '2024-01-01',
      contractTo: '2027-01-01',
      contractNoticeMonths: '6',
      contractPrice: 100000,
      agreement: 'ja',
      agreementOn: '2024-01-01',
      flows: 'cpr:in:file:daily:CPR, navn|kmd-elev',
    },
    { name: 'x', status: 'sikke noget', kle: [] },
    { name: 'y' },
  ],
  entitlement: [
    {
      name: 'Læs',
      description: '',
      entitlementKind: 'role',
      sensitivity: 'special',
      privileged: 'TRUE',
      constraints: 'a|b',
    },
    { name: 'x' },
  ],
  account: [
    {
      username: 'abc',
      displayName: 'A',
      email: 'b',
      dn: 'c',
      employeeNo: 'd',
      person: 'e',
      accountKind: 'service',
      enabled: 'nej',
      lastSignIn: '2024-01-01T00:00:00.000Z',
      expiresAt: '2024-01-01',
      description: 'f',
      passwordChangedAt: '2024-01-01T00:00:00.000Z',
    },
    { username: 'x' },
  ],
  group: [{ name: 'G', dn: 'cn=g', description: 'd', members: ['cn=a', 'cn=b'] }, { name: 'x' }],
  held: [
    { system: 's', account: 'abc', right: 'Læse', limits: ['b', 'a', 'a'], lastUsed: '2026-01-02' },
    { system: 's', account: 'abc', right: 'Læse' },
  ],
}

test('who changes what parsing makes of a record raises PARSE_VERSION, or unchanged records never get it', () => {
  const parsed = [...createPeopleSinks(), ...systemSinks()].flatMap(sink =>
    SAMPLES[sink.kind].map(attrs => ({
      kind: sink.kind,
      parsed: sink.parse(attrs),
      part: sink.guardPart?.({ key: 'a/b', op: 'add', before: null, after: attrs, subjectId: null }) ?? null,
    })),
  )
  expect(new Set(parsed.map(one => one.kind))).toEqual(new Set(Object.keys(SAMPLES)))
  // What is mapped without anybody writing a mapping counts as well: raise the version when it finds more.
  const mapped = (['ad', 'openldap'] as const).map(flavour => defaultSearches(flavour, { people: true }))
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([parsed, mapped]))
    .digest('hex')
    .slice(0, 16)
  // When this fails: raise PARSE_VERSION in server/feeds/reading/read-content.ts, and write both here.
  expect({ version: PARSE_VERSION, fingerprint }).toEqual({ version: 3, fingerprint: 'a07dfc974d81329a' })
})
