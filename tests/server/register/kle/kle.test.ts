import { expect, test } from 'vitest'
import { entryOf, type KleEntry, periodOf, proposeRetention } from '../../../../server/register/kle/kle-entry.ts'
import { kleStanding, loadKle, storeKle } from '../../../../server/register/kle/kle-store.ts'
import { readKle } from '../../../../server/register/kle/read-kle.ts'
import { testDatabase } from '../../../support/database.ts'

const at = testDatabase()

/** In the shape of KLE-Emneplan, version 2; titles are our own. */
const xml = `\ufeff<?xml version="1.0" encoding="UTF-8"?>
<KLE-Emneplan xmlns="http://example.invalid/kle">
  <UdgivelsesDato>2026-08-01</UdgivelsesDato>
  <Hovedgruppe><HovedgruppeNr>29</HovedgruppeNr><HovedgruppeTitel>Sundhed</HovedgruppeTitel>
    <HovedgruppeVejledning><VejledningTekst><p>Kun <b>sundhed</b></p></VejledningTekst></HovedgruppeVejledning>
    <Gruppe><GruppeNr>29.18</GruppeNr><GruppeTitel>Pleje i hjemmet</GruppeTitel>
      <Emne><EmneNr>29.18.00</EmneNr><EmneTitel>Pleje &amp; omsorg</EmneTitel>
        <EmneAdministrativInfo><OprettetDato>2008-01-01</OprettetDato></EmneAdministrativInfo>
        <BevaringJaevnfoerArkivloven>K</BevaringJaevnfoerArkivloven>
        <SletningJaevnfoerPersondataloven>P3650D</SletningJaevnfoerPersondataloven></Emne>
      <Emne><EmneNr>29.18.04</EmneNr><EmneTitel>Medicin</EmneTitel>
        <BevaringJaevnfoerArkivloven>K</BevaringJaevnfoerArkivloven>
        <SletningJaevnfoerPersondataloven>P3650D</SletningJaevnfoerPersondataloven></Emne>
      <Emne><EmneNr>29.18.08</EmneNr><EmneTitel>Principper</EmneTitel>
        <BevaringJaevnfoerArkivloven>B</BevaringJaevnfoerArkivloven></Emne>
      <Emne><EmneNr>29.18.10</EmneNr><EmneTitel>Uden frist</EmneTitel>
        <BevaringJaevnfoerArkivloven>Tom</BevaringJaevnfoerArkivloven></Emne>
      <Emne><EmneNr>29.18.12</EmneNr><EmneTitel>Skrevet forkert</EmneTitel>
        <SletningJaevnfoerPersondataloven>snart</SletningJaevnfoerPersondataloven></Emne>
      <Emne><EmneNr>29.18.99</EmneNr><EmneTitel>Udgået</EmneTitel>
        <EmneAdministrativInfo><Historisk><UdgaaetDato>2020-01-01</UdgaaetDato></Historisk></EmneAdministrativInfo></Emne>
    </Gruppe>
  </Hovedgruppe>
</KLE-Emneplan>`

const good = (read: Awaited<ReturnType<typeof readKle>>) =>
  read.entries.map(entryOf).filter((one): one is KleEntry => !('what' in one))

test('the XML of KLE: groups and subjects, what is gone, and the entry that is wrong by its line', async () => {
  const read = await readKle(Buffer.from(xml), 'kle.xml')
  expect(read.gone).toEqual(['29.18.99'])
  expect(
    good(read)
      .map(one => `${one.number} ${one.preservation} ${one.eraseAfter}`)
      .sort(),
  ).toEqual([
    '29 unknown null',
    '29.18 unknown null',
    '29.18.00 discard P10Y',
    '29.18.04 discard P10Y',
    '29.18.08 keep null',
    '29.18.10 unknown null',
  ])
  expect(good(read).find(one => one.number === '29.18.00')?.title).toBe('Pleje & omsorg')
  const line = xml.split('\n').findIndex(one => one.includes('29.18.12')) + 1
  expect(read.entries.map(entryOf).filter(one => 'what' in one)).toEqual([
    { line, number: '29.18.12', what: 'erasure' },
  ])
})

test('a CSV of one’s own, as Excel saves it here', async () => {
  const csv =
    'Nummer;Titel;Bevaringskode;Slettefrist\r\n29.18.00;Pleje;K10;\r\n29.18.04;Medicin;K;5 år\r\n2918;Forkert;K;\r\n27;;K;\r\n'
  const read = await readKle(Buffer.from(csv, 'latin1'), 'kle.csv')
  expect(good(read).map(one => `${one.number} ${one.eraseAfter}`)).toEqual(['29.18.00 P10Y', '29.18.04 P5Y'])
  expect(read.entries.map(entryOf).filter(one => 'what' in one)).toEqual([
    { line: 4, number: '2918', what: 'number' },
    { line: 5, number: '27', what: 'title' },
  ])
})

test('what is no KLE is refused, and says what to do', async () => {
  for (const text of [
    '',
    '<?xml version="1.0"?><Andet/>',
    '<KLE-Emneplan><Emne>',
    'navn;alder\nA;3\n',
    '<!DOCTYPE x [<!ENTITY a "b">]><KLE-Emneplan/>',
  ])
    await expect(readKle(Buffer.from(text), 'fil.xml'), text).rejects.toMatchObject({
      problem: text === '' ? 'source-incomplete' : 'source-invalid',
    })
})

test('periods as KLE and as people write them', () => {
  expect(['P1825D', 'P5Y', '5', '5 år', 'P18M', 'P30D', ' P1Y6M '].map(periodOf)).toEqual([
    ...['P5Y', 'P5Y', 'P5Y', 'P5Y', 'P18M', 'P30D', 'P1Y6M'],
  ])
  expect(['', '0', 'P', 'P0D', 'fem', 'P5', '-5'].map(periodOf)).toEqual(Array(7).fill(undefined))
})

test('a task gets the limits of the subjects below it, the most usual first', async () => {
  const entries = good(await readKle(Buffer.from(xml), 'kle.xml'))
  const proposals = proposeRetention(entries, ['29.18', '27'])
  expect(proposals.map(one => [one.kle, one.subjects, one.of, one.rule.period, one.rule.archive])).toEqual([
    ['29.18', 2, 3, 'P10Y', 'discard'],
    ['29.18', 1, 3, null, 'keep'],
  ])
  expect(proposals[0]?.rule).toMatchObject({ key: 'kle-29-18', basis: 'KLE 29.18 Pleje i hjemmet' })
  // A number beginning with the same signs is another task.
  expect(proposeRetention([{ ...entries[2]!, number: '29.18.00' }], ['29.1']).length).toBe(0)
})

test('reading again changes what is said again and leaves the rest', () =>
  at.db.transaction(async tx => {
    const entries = good(await readKle(Buffer.from(xml), 'kle.xml'))
    const now = new Date('2026-03-02T09:00:00Z')
    await storeKle(tx, { entries, gone: ['29.18.99'], file: 'kle.xml', now })
    expect(await kleStanding(tx)).toEqual({ entries: 6, erased: 2, file: 'kle.xml', readAt: now.toISOString() })
    const [first] = entries.filter(one => one.number === '29.18.00')
    const later = new Date('2027-03-02T09:00:00Z')
    await storeKle(tx, { entries: [{ ...first!, eraseAfter: 'P5Y' }], gone: ['29.18.10'], file: 'ny.xml', now: later })
    expect(await kleStanding(tx)).toEqual({ entries: 5, erased: 2, file: 'ny.xml', readAt: later.toISOString() })
    expect((await loadKle(tx, ['29.18'])).map(one => `${one.number} ${one.eraseAfter}`)).toEqual([
      ...['29.18 null', '29.18.00 P5Y', '29.18.04 P10Y', '29.18.08 null'],
    ])
    expect(await loadKle(tx, ['29.1', '2'])).toEqual([])
  }))
