import type { RegisterDefaults } from '#contract/activities.ts'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { exportRegister } from '#contract/register-export.ts'
import type { Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import { workbook } from '../../systems/transfer/write-workbook.ts'
import { registerDpv } from './dpv.ts'
import { kitosSheets } from './kitos.ts'
import { os2Registers } from './os2compliance.ts'
import { type ExportRecord, registerLines } from './record-lines.ts'
import { registerWorkbook } from './register-workbook.ts'

export type ExportGround = {
  records: readonly ExportRecord[]
  vocabularies: Vocabularies
  defaults: RegisterDefaults
  /** People who hold something in a system, by its id; a system that nobody reads is not there. */
  people: ReadonlyMap<string, readonly string[]>
  /** Keys of systems in KITOS, by their ids. */
  uuids: ReadonlyMap<string, string>
  today: string
}
type Asked = Pick<BodyOf<typeof exportRegister>, 'what' | 'language'>

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const NAMES = {
  da: {
    workbook: 'fortegnelse',
    template: 'fortegnelse-skabelon',
    dpv: 'fortegnelse-dpv',
    os2compliance: 'fortegnelse-os2compliance',
    kitos: 'fortegnelse-kitos',
  },
  en: {
    workbook: 'register',
    template: 'register-template',
    dpv: 'register-dpv',
    os2compliance: 'register-os2compliance',
    kitos: 'register-kitos',
  },
} as const

/** The same records give the same content. */
export async function exportFile(
  { what, language }: Asked,
  { records, vocabularies, defaults, people, uuids, today }: ExportGround,
): Promise<ResponseOf<typeof exportRegister>> {
  const [only] = records
  const name =
    what !== 'template' && records.length === 1 && only
      ? `${NAMES[language][what]}-${only.ref.toLowerCase()}`
      : NAMES[language][what]
  const file = (ending: string, contentType: string, content: Buffer) => ({
    ...{ fileName: `${name}-${today}.${ending}`, contentType, content: content.toString('base64') },
  })
  const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8')
  switch (what) {
    case 'dpv':
      return file('jsonld', 'application/ld+json', json(registerDpv(records, vocabularies, { defaults, day: today })))
    case 'os2compliance': {
      const count = (record: ExportRecord) => peopleOf(record, people)
      return file(
        'json',
        'application/json',
        json(os2Registers(records, vocabularies, { people: count, packageName: 'hjemmel' })),
      )
    }
    case 'kitos':
      return file('xlsx', XLSX, await workbook(kitosSheets(records, vocabularies, language, { uuids, defaults })))
    default: {
      const lines = registerLines(what === 'template' ? [] : records, vocabularies, language)
      return file('xlsx', XLSX, await registerWorkbook(lines, vocabularies, language))
    }
  }
}

/** Everybody once, however many systems they are in; null where none of the systems is read. */
function peopleOf(record: ExportRecord, people: ExportGround['people']): number | null {
  const read = record.content.systems.flatMap(one => people.get(one.systemId) ?? [])
  const known = record.content.systems.some(one => people.has(one.systemId))
  return known ? new Set(read).size : null
}
