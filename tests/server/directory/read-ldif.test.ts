import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sidText } from '../../../server/directory/directory-entry.ts'
import { ldifReader } from '../../../server/directory/ldif-reader.ts'
import { readLdif } from '../../../server/directory/read-ldif.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { guidText } from '../../../server/platform/guid.ts'
import { expectSpoken, spoken } from '../../support/spoken.ts'

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string | Buffer, size = 7) {
  const entries = []
  for await (const { dn, attributes, line } of readLdif(chunksOf(Buffer.from(text), size), 'x.ldif'))
    entries.push({ dn, line, attributes: Object.fromEntries(attributes) })
  return entries
}

test('entries with folded lines, comments, base64, options and CR LF', async () => {
  const text = `version: 1\r
# a comment\r
  that goes on\r
dn: cn=Anna,dc=x\r
objectClass: person\r
objectClass: top\r
description: a long\r
  text\r
cn;lang-da:: w4Vzc2U=\r
\r
\r
dn:: Y249w4VzZSxkYz14\r
sn:none\r
`
  const entries = await read(text)
  expect(entries).toEqual([
    {
      dn: 'cn=Anna,dc=x',
      line: 4,
      attributes: {
        objectclass: ['person', 'top'],
        description: ['a long text'],
        'cn;lang-da': [Buffer.from('Åsse')],
        cn: [Buffer.from('Åsse')],
      },
    },
    { dn: 'cn=Åse,dc=x', line: 12, attributes: { sn: ['none'] } },
  ])
})

test.each([
  ['dn: cn=a\njpegPhoto:< file:///etc/passwd\n', /line 2.*URL/],
  ['dn: cn=a\nchangetype: delete\n', /line 2.*change record/],
  ['dn: cn=a\nno colon here\n', /line 2/],
  ['cn: a\n', /line 1.*dn:/],
  ['dn: cn=a\ncn:: not-base64!\n', /line 2.*base64/],
  [' continuation\n', /line 1.*nothing to continue/],
  ['version: 2\n\ndn: cn=a\n', /line 1.*version 2/],
  ['dn: cn=a\nchangetype: modify\nreplace: sn\nsn: b\n-\n', /line 2.*change record/],
  ['dn: cn=a\ncontrol: 1.2.840.113556.1.4.805 true\nchangetype: delete\n', /line 2.*change record/],
  ['dn: cn=a\nsn: b\nchangetype: add\n', /line 3.*change record/],
  [Buffer.from('dn:: Y249w3g=\n'), /line 1.*DN is not UTF-8/],
  ['dn: cn=a\ncn: a\ndn: cn=b\n', /line 3.*empty line/],
  [Buffer.concat([Buffer.from('dn: cn=a\ncn: '), Buffer.from([0xe6, 0x0a])]), /UTF-8/],
])('refused with its line: %j', async (text, message) => {
  await expect(read(text as string)).rejects.toThrow(message)
  const error = await read(text as string).catch(error => error)
  expect(error).toMatchObject({ problem: 'source-invalid' })
  spoken(error.info.said)
})

test('the test of an export: files that can be read and records that fit, or what is wrong, in both languages', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-ldif-'))
  const yaml = `sources: [{ key: ad, kind: ldif, file: ad.ldif, records: [{ record: unit, match: { objectClass: organizationalUnit }, key: entryUUID, map: { name: ou } }] }]`
  const [source] = parseSources(yaml, { file: 'k.yaml', folder, readers: [ldifReader] })
  const tried = async (text: string | null) => {
    if (text !== null) writeFileSync(join(folder, 'ad.ldif'), text)
    const steps = await ldifReader.test(source!, { secretOf: () => '', signal: new AbortController().signal })
    expectSpoken(steps)
    return steps.map(step => step.said?.code)
  }
  const unit = 'dn: ou=A,dc=x\nobjectClass: organizationalUnit\nentryUUID: u1\nou: A\n'
  try {
    expect(await tried(null)).toEqual(['file-unreadable'])
    expect(await tried('')).toEqual(['file-empty'])
    expect(await tried(unit)).toEqual(['files-readable', 'records-fit'])
    expect(await tried('dn: cn=A,dc=x\nobjectClass: person\n')).toEqual(['files-readable', 'no-records-fit'])
    expect(await tried(`${unit}no colon here\n`)).toEqual(['ldif-unreadable'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a byte order mark, blanks around values, an empty value', async () => {
  expect(await read('\ufeffversion: 1\n\ndn:   cn=Bo\nsn:Olsen \ntitle:\n')).toEqual([
    { dn: 'cn=Bo', line: 3, attributes: { sn: ['Olsen '], title: [''] } },
  ])
})

test('an export of ldifde: `changetype: add` above each entry makes no change record of it', async () => {
  const text = 'dn: CN=Bo,DC=x\r\nchangetype: add\r\ncn: Bo\r\n\r\ndn: CN=Eva,DC=x\r\nchangetype: add\r\ncn: Eva\r\n'
  expect((await read(text)).map(entry => entry.attributes)).toEqual([{ cn: ['Bo'] }, { cn: ['Eva'] }])
})

test('an export of ldapsearch: references and its result are no entries; a result that is an error is one', async () => {
  const text = (result: string) =>
    `# extended LDIF\n#\n# LDAPv3\n\n# Bo, x\ndn: cn=Bo,dc=x\ncn: Bo\n\n# search reference\nref: ldap://other/dc=y\n\n# search result\nsearch: 3\nresult: ${result}\ncontrol: 1.2.840.113556.1.4.319 false MAUCAQAEAA==\npagedresults: cookie=\n\n# numEntries: 1\n`
  expect((await read(text('0 Success'))).map(entry => entry.dn)).toEqual(['cn=Bo,dc=x'])
  await expect(read(text('4 Size limit exceeded'))).rejects.toMatchObject({
    problem: 'source-incomplete',
    message: expect.stringMatching(/line 14.*Size limit/),
    info: { said: { code: 'ldif-cut-short', params: { line: 14 } } },
  })
})

test('what an export says is on other servers is noted with the run: records of `ref:` alone, and entries of the class', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-ldif-'))
  try {
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
    write(
      'a.ldif',
      'dn: cn=Bo,dc=x\ncn: Bo\n\n# search reference\nref: ldap://other/dc=y??sub\nref:: bGRhcDovL3RoaXJkL2RjPXk=\n',
    )
    write('b.ldif', 'dn: ou=z,dc=x\nobjectClass: Referral\nref: ldap://fourth/ou=z\n\nref: ldap://other/dc=y??sub\n')
    const text = `sources: [{ key: x, kind: ldif, files: [a.ldif, b.ldif], records: [{ record: account, match: { cn: '*' }, key: cn, map: { username: cn } }] }]`
    const [source] = parseSources(text, { file: 'k.yaml', folder, readers: [ldifReader] })
    const notes: unknown[] = []
    const context = {
      secretOf: () => '',
      signal: new AbortController().signal,
      note: (note: unknown) => void notes.push(note),
    }
    const read = []
    for await (const batch of ldifReader.read(source!, context)) read.push(...batch)
    expect(read).toMatchObject([{ kind: 'account', key: 'Bo' }])
    expect(notes).toEqual([
      { note: 'referrals', count: 3, to: ['ldap://other/dc=y??sub', 'ldap://third/dc=y', 'ldap://fourth/ou=z'] },
    ])
    write('b.ldif', 'dn: cn=Eva,dc=x\ncn: Eva\nref: no class, no reference\n')
    write('a.ldif', 'dn: cn=Bo,dc=x\ncn: Bo\n')
    notes.length = 0
    for await (const batch of ldifReader.read(source!, context)) read.push(...batch)
    expect(notes).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('names in several languages are one name: Danish, else the plain one, else another', async () => {
  const cn = async (lines: string) => (await read(`dn: cn=x\n${lines}`))[0]!.attributes.cn
  expect(await cn('cn: Health\ncn;lang-da: Sundhed\ncn;lang-en: Health\n')).toEqual(['Sundhed'])
  expect(await cn('cn;lang-DA-dk: Sundhed\ncn: Health\n')).toEqual(['Sundhed'])
  expect(await cn('cn;lang-en: Health\ncn: Helse\n')).toEqual(['Helse'])
  expect(await cn('cn;lang-de: Gesundheit\n')).toEqual(['Gesundheit'])
  const [entry] = await read('dn: cn=x\ncn: A\ncn: B\nuserCertificate;binary:: AQI=\ncn;lang-en: C\n')
  expect(entry!.attributes).toMatchObject({
    cn: ['A', 'B'],
    'cn;lang-en': ['C'],
    usercertificate: [Buffer.from([1, 2])],
  })
})

test('a member list that an export cut is known as such; one that is whole under a range is not', async () => {
  const [cut, whole] = await read(
    'dn: cn=a\nmember;range=0-1499: cn=1\n\ndn: cn=b\nmember;range=0-*: cn=1\nmember;range=0-*: cn=2\n',
  )
  expect(cut!.attributes).toEqual({ 'member;range=0-1499': ['cn=1'] })
  expect(whole!.attributes).toEqual({ member: ['cn=1', 'cn=2'] })
})

test('what is written is read, however it is folded and cut into chunks', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }).map(text => text.normalize()),
    fc.uint8Array({ minLength: 1, maxLength: 60 }).map(bytes => Buffer.from(bytes)),
  )
  const entry = fc.record({
    name: fc.stringMatching(/^[a-z]{1,10}$/),
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 2, max: 90 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('\n', '\r\n'),
      async (written, width, chunk, newline) => {
        const text = written.map(({ name, values }) => writeEntry(name, values, width, newline)).join(newline)
        const entries = await read(text, chunk)
        expect(entries.map(one => [one.dn, bytes(one.attributes.mail)])).toEqual(
          written.map(({ name, values }) => [`cn=${name}`, bytes(values)]),
        )
      },
    ),
  )
})

const bytes = (values: (string | Buffer)[] | undefined) => values?.map(value => Buffer.from(value).toString('hex'))

function writeEntry(name: string, values: (string | Buffer)[], width: number, newline: string): string {
  const lines = [`dn: cn=${name}`, ...values.map(value => `mail:: ${Buffer.from(value).toString('base64')}`)]
  return lines.map(line => fold(line, width, newline) + newline).join('')
}

function fold(line: string, width: number, newline: string): string {
  const parts = [line.slice(0, width)]
  for (let at = width; at < line.length; at += width - 1) parts.push(line.slice(at, at + width - 1))
  return parts.join(`${newline} `)
}

test('GUID and SID in their canonical form', () => {
  expect(guidText(Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'))).toBe('03020100-0504-0706-0809-0a0b0c0d0e0f')
  expect(sidText(Buffer.from('010500000000000515000000a065cf7e784b9b5fe77c8770091c0100', 'hex'))).toBe(
    'S-1-5-21-2127521184-1604012920-1887927527-72713',
  )
})
