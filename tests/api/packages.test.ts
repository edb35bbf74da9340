import { createHash } from 'node:crypto'
import readXlsxFile from 'read-excel-file/node'
import { extractText, getDocumentProxy } from 'unpdf'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MadeFile } from '../../server/contract/documents.ts'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { getPackage, listPackages, previewPackage } from '../../server/contract/packages.ts'
import { findingWords } from '../../server/overview/own-data/finding-words.ts'
import { makePackages } from '../../server/overview/packages/make-packages.ts'
import { forgetPackages } from '../../server/overview/packages/package-store.ts'
import { addDays } from '../../server/platform/civil-date.ts'
import { demoTown } from '../support/demo-town.ts'
import { pdfText } from '../support/pdf-text.ts'
import { countingStatements } from '../support/statements.ts'
import { unzip } from '../support/unzip.ts'
import { personOf, signIn, type Visitor } from '../support/visitors.ts'

const town = demoTown()
const sql = <Row>(text: string, params: unknown[] = []) => town.house.db.snapshot(tx => tx.query<Row>(text, params))
let dpo: Visitor
let employee: Visitor
let me: string
let today: string
let system: { id: string; name: string }

type Package = ResponseOf<typeof getPackage>
const bytesOf = (file: MadeFile) => Buffer.from(file.content, 'base64')
const linesOf = async (file: Buffer) =>
  ((await readXlsxFile(file)) as unknown as { data: (string | null)[][] }[])[0]!.data

beforeAll(async () => {
  dpo = await signIn(town, 'dpo')
  employee = await signIn(town, 'employee')
  me = await personOf(town, 'employee')
  today = town.manifest.today
  // A small one in which the employee holds something.
  const [found] = await sql<{ id: string; name: string }>(
    `select s.id, s.name from it_system s join entitlement e on e.system_id = s.id join assignment a on a.entitlement_id = e.id
     join affiliation_current ac on ac.affiliation_id = a.affiliation_id where ac.person_id = $1
     group by s.id, s.name order by (select count(*) from assignment n join entitlement ne on ne.id = n.entitlement_id where ne.system_id = s.id), s.id limit 1`,
    [me],
  )
  system = found!
}, 300_000)

describe('an inspection package', () => {
  const scope = () => ({ systems: [system.id], day: today, leaversFrom: addDays(today, -30), names: true })

  test('is looked at in eight statements, asked for, made, fetched and let go', async () => {
    const { answer: preview, statements } = await countingStatements(() =>
      dpo.post<ResponseOf<typeof previewPackage>>('/packages/preview', scope()),
    )
    expect(preview.status).toBe(200)
    expect(statements.length).toBeLessThanOrEqual(8)
    const asked = await dpo.post<{ packageId: string }>('/packages', {
      ...scope(),
      reason: 'Datatilsynet j.nr. 2026-1',
    })
    expect(asked.status).toBe(200)
    const { packageId } = asked.body
    expect(await makePackages(town.house)).toBe(1)
    const { body: made } = await dpo.get<Package>(`/packages/${packageId}`)
    expect(made.state).toBe('made')
    const parts: Buffer[] = []
    for (let part = 0; part < made.parts!; part++)
      parts.push(
        Buffer.from(
          (await dpo.get<{ content: string }>(`/packages/${packageId}/parts/${part}`)).body.content,
          'base64',
        ),
      )
    const file = Buffer.concat(parts)
    expect(createHash('sha256').update(file).digest('hex')).toBe(made.sha256)
    const entries = await unzip(file)
    expect(made.files.map(one => one.name)).toEqual([...entries.keys()])
    const rights = await linesOf(entries.get('03-brugere-og-rettigheder.xlsx')!)
    const rows = preview.body.items.find(one => one.item === 'rights')?.rows ?? 0
    expect(rights.length - rights.findIndex(row => row.every(cell => cell === null)) - 2).toBe(rows)

    // The employee is in it, and sees so, with who asked and why.
    const { body: log } = await employee.get<{
      lookups: { what: string; reason: string | null; byFunction: string }[]
    }>('/me/log')
    expect(log.lookups).toContainEqual(
      expect.objectContaining({ what: 'person.in-package', reason: 'Datatilsynet j.nr. 2026-1', byFunction: 'dpo' }),
    )
    const written = await sql<{ action: string }>(
      `select action from audit_entry where subject_kind = 'package' and subject_id = $1 order by id`,
      [packageId],
    )
    expect(written.map(one => one.action)).toEqual(['package.asked', 'package.made', 'package.fetched'])

    // An auditor has packages without pupils, and so not those that others have made.
    const auditor = await signIn(town, 'auditor')
    expect((await auditor.get(`/packages/${packageId}/parts/0`)).status).toBe(404)
    const own = await auditor.post<{ packageId: string }>('/packages', { ...scope(), reason: 'Revision 2026' })
    expect(await makePackages(town.house)).toBe(1)
    expect((await auditor.get(`/packages/${own.body.packageId}/parts/0`)).status).toBe(200)

    // After its time only the hash is kept.
    await town.house.db.transaction(tx => forgetPackages(tx, addDays(today, 89)))
    expect((await dpo.get(`/packages/${packageId}/parts/0`)).status).toBe(200)
    await town.house.db.transaction(tx => forgetPackages(tx, made.expiresOn))
    expect((await dpo.get(`/packages/${packageId}/parts/0`)).status).toBe(404)
    const { body: list } = await dpo.get<ResponseOf<typeof listPackages>>('/packages')
    const row = list.rows.find(one => one.id === packageId)
    expect([row?.state, row?.sha256]).toEqual(['expired', made.sha256])
  }, 120_000)

  test('says what is wrong with a day that has not come, and with a unit that was not there', async () => {
    const ahead = await dpo.post('/packages/preview', { ...scope(), day: addDays(today, 1) })
    expect([ahead.status, ahead.text.includes('day')]).toEqual([422, true])
    expect((await dpo.post('/packages/preview', { ...scope(), leaversFrom: addDays(today, 1) })).status).toBe(422)
    expect((await dpo.post('/packages/preview', { ...scope(), unit: me })).status).toBe(404)
  })
})

describe('files that are asked for with one click', () => {
  test('users and rights of a system: made on record, and everybody in it can see so', async () => {
    const before = await sql('select 1 from audit_entry where action = $1 and person_id = $2', ['person.in-file', me])
    const answer = await dpo.post<MadeFile>(`/systems/${system.id}/rights-file`, { day: today })
    expect(answer.status).toBe(200)
    const rows = await linesOf(bytesOf(answer.body))
    expect(rows[1]).toContain(system.name)
    const after = await sql('select 1 from audit_entry where action = $1 and person_id = $2', ['person.in-file', me])
    expect(after.length).toBe(before.length + 1)
  })

  test('systems with the data in them and when they are erased', async () => {
    const answer = await dpo.get<MadeFile>('/register/systems-file')
    const rows = await linesOf(bytesOf(answer.body))
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.flat()).toContain('Registrerede')
  })

  test('records of processing, all of them, as DOCX and PDF', async () => {
    const area = await sql<{ area: string }>(
      `select v.content ->> 'area' as area from activity_in_force f join activity_version v on v.id = f.version_id limit 1`,
    )
    for (const format of ['docx', 'pdf']) {
      const answer = await dpo.get<MadeFile>(
        `/register/document?format=${format}&area=${encodeURIComponent(area[0]!.area)}`,
      )
      expect(answer.status).toBe(200)
      expect(bytesOf(answer.body).length).toBeGreaterThan(5000)
    }
  })
})

describe('everything about oneself (Art. 15)', () => {
  type Told = {
    rights: { system: string; right: string; purposes: unknown[] }[]
    person: { name: string | null }
    lookups: unknown[]
    retention: unknown[]
    automatedDecisions: string
  }
  const names = async () =>
    (
      await sql<{ name: string }>(`select name from person_current where person_id <> $1 and kind <> 'pupil'`, [me])
    ).map(one => one.name)

  test('as JSON: each right that the own page has, and nobody else by name', async () => {
    const answer = await employee.post<MadeFile>('/me/data-file', { format: 'json' })
    expect(answer.status).toBe(200)
    const text = bytesOf(answer.body).toString()
    const told = JSON.parse(text) as Told
    const { body: page } = await employee.get<{ systems: { rights: { name: string }[] }[] }>('/me')
    expect(told.rights.map(one => one.right).sort()).toEqual(
      page.systems.flatMap(one => one.rights.map(right => right.name)).sort(),
    )
    expect(told.rights.length).toBeGreaterThan(0)
    expect(told.automatedDecisions).toBe('none')
    expect(told.retention.length).toBeGreaterThan(5)
    // One may have the name of another.
    for (const name of (await names()).filter(one => one !== told.person.name)) expect(text).not.toContain(`"${name}"`)
  })

  test('as PDF: each system and what is owed by law', async () => {
    const answer = await employee.post<MadeFile>('/me/data-file', { format: 'pdf' })
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytesOf(answer.body))), {
      mergePages: true,
    })
    const said = text.replace(/\s/g, '')
    for (const part of [
      system.name,
      'Hvem har set dig',
      'Datatilsynet',
      'Automatiske afgørelser',
      'Hvor længe de gemmes',
    ])
      expect(said).toContain(part.replace(/\s/g, ''))
  })

  test('by the DPO with a reason, which the person can read', async () => {
    expect((await dpo.post(`/people/${me}/data-file`, { format: 'json' })).status).toBe(400)
    const answer = await dpo.post<MadeFile>(`/people/${me}/data-file`, {
      ...{ format: 'json', reason: 'Indsigt, bedt om i brev' },
    })
    expect(answer.status).toBe(200)
    const own = await employee.post<MadeFile>('/me/data-file', { format: 'json' })
    const rights = (file: MadeFile) => (JSON.parse(bytesOf(file).toString()) as Told).rights
    expect(rights(answer.body)).toEqual(rights(own.body))
    const { body: log } = await employee.get<{ lookups: { what: string; reason: string | null }[] }>('/me/log')
    expect(log.lookups).toContainEqual(
      expect.objectContaining({ what: 'person.exported', reason: 'Indsigt, bedt om i brev' }),
    )
  })

  test('names those who looked only where the DPO has weighed it, with a reason of its own on record', async () => {
    expect((await dpo.get(`/people/${me}`)).status).toBe(200)
    const asked = { format: 'json', reason: 'Indsigt, bedt om i brev' }
    const namesReason = 'Personen klager over opslag og kan ikke gøre det uden navne'
    const hr = await signIn(town, 'hr')
    expect((await hr.post(`/people/${me}/data-file`, { ...asked, namesReason })).status).toBe(403)
    const told = async (body: object) => {
      const answer = await dpo.post<MadeFile>(`/people/${me}/data-file`, body)
      expect(answer.status).toBe(200)
      return JSON.parse(bytesOf(answer.body).toString()) as {
        lookups: { byFunction: string; byName?: string | null }[]
      }
    }
    const byDpo = ({ lookups }: Awaited<ReturnType<typeof told>>) => lookups.filter(one => one.byFunction === 'dpo')
    const functions = byDpo(await told(asked))
    expect(functions.length).toBeGreaterThan(0)
    for (const one of functions) expect(one).not.toHaveProperty('byName')
    const known = await sql<{ name: string }>(
      'select name from person_current where not protected union select display_name from tool_user where person_id is null',
    )
    for (const one of byDpo(await told({ ...asked, namesReason })))
      expect(known.map(each => each.name)).toContain(one.byName)
    const [entry] = await sql<{ why: string }>(
      `select p.body::jsonb #>> '{detail,namesReason}' as why from audit_entry e join audit_payload p on p.entry_id = e.id
       where e.action = 'person.data-exported' and e.subject_id = $1 order by e.id desc limit 1`,
      [me],
    )
    expect(entry!.why).toBe(namesReason)
    const paper = await dpo.post<MadeFile>(`/people/${me}/data-file`, { ...asked, format: 'pdf', namesReason })
    const { text } = await pdfText(bytesOf(paper.body))
    expect(text).toContain('er navngivet her')
  })

  test('says what was found in words, not in codes', async () => {
    const answer = await employee.post<MadeFile>('/me/data-file', { format: 'json' })
    const { findings } = JSON.parse(bytesOf(answer.body).toString()) as { findings: { code: string; what: string }[] }
    const words = findingWords.da as Record<string, string>
    for (const one of findings) expect(one.what).toBe(words[one.code])
    expect(Object.values(words).filter(one => !/[a-zæøå] [a-zæøå]/i.test(one))).toEqual([])
  })
})
