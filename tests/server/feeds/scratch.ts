import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import type { SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import type { NormalAttrs, RecordKind, Sink } from '../../../server/platform/feed-record.ts'
import { createKeyring } from '../../../server/platform/keyring.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'

export const testKeyring = createKeyring([{ id: 'k1', secret: Buffer.alloc(32, 7) }])

/** A real table beside the product's own, so that the pipeline is tested without the rooms it feeds. */
export async function createScratch(db: Db): Promise<void> {
  await db.transaction(tx =>
    tx.query(`create table if not exists scratch (
      id uuid primary key default gen_random_uuid(), source text, kind text, key text, name text, unit text, gone boolean not null default false,
      writes int not null default 1, unique (source, kind, key))`),
  )
}

export type ScratchRow = {
  source: string
  kind: string
  key: string
  name: string
  unit: string | null
  gone: boolean
  writes: number
}
export const readScratch = (db: Db): Promise<ScratchRow[]> =>
  db.transaction(tx =>
    tx.query<ScratchRow>('select source, kind, key, name, unit, gone, writes from scratch order by source, kind, key'),
  )

/** A sink that writes to the scratch table; `onApply` lets a test stop it in the middle. */
export function scratchSink(kind: RecordKind, onApply?: (count: number) => Promise<void>): Sink {
  return {
    kind,
    parse: attrs =>
      typeof attrs.name === 'string' && attrs.name !== ''
        ? { ok: true, attrs: attrs as NormalAttrs }
        : { ok: false, reason: 'attribute-missing', params: { attribute: 'name' } },
    guardPart: change => String((change.after ?? change.before)?.unit ?? ''),
    async apply({ tx, source }, changes) {
      const rows = await tx.query<{ key: string; subjectId: string }>(
        `insert into scratch (source, kind, key, name, unit, gone)
         select $1, $2, c.key, coalesce(c.name, ''), c.unit, c.gone
         from jsonb_to_recordset($3::jsonb) as c(key text, name text, unit text, gone boolean)
         on conflict (source, kind, key) do update set gone = excluded.gone, writes = scratch.writes + 1,
           name = case when excluded.gone then scratch.name else excluded.name end,
           unit = case when excluded.gone then scratch.unit else excluded.unit end
         returning key, id as "subjectId"`,
        [
          source,
          kind,
          JSON.stringify(
            changes.map(({ key, op, after }) => ({
              key,
              name: after?.name ?? null,
              unit: after?.unit ?? null,
              gone: op === 'gone',
            })),
          ),
        ],
      )
      await onApply?.(changes.length)
      return rows
    },
  }
}

export type Row = { id: string; name: string; unit: string }
export const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, n) => ({ id: `p${n}`, name: `Navn æøå ${n}`, unit: `u${n % 20}` }))

export const csvOf = (rows: readonly Row[]): string =>
  `Nr;Navn;Enhed\n${rows.map(row => `${row.id};${row.name};${row.unit}\n`).join('')}`

/** A folder with a sources file and a CSV file that tests rewrite. */
export function csvFolder(guards = '') {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-feeds-'))
  const path = join(folder, 'people.csv')
  const yaml = `sources:
  - key: hr
    kind: csv
    encoding: utf-8
    authority: 20
    ${guards}
    files:
      - path: people.csv
        record: unit
        key: Nr
        map: { name: Navn, unit: Enhed }
`
  const yamlPath = join(folder, 'kilder.yaml')
  writeFileSync(yamlPath, yaml)
  let tick = Date.now() - 1_000_000
  return {
    folder,
    path,
    yamlPath,
    declarations: (): SourceDeclaration[] => parseSources(yaml, { file: 'kilder.yaml', folder, readers: [csvReader] }),
    write(content: string | Buffer) {
      writeFileSync(path, content)
      tick += 1000
      utimesSync(path, new Date(tick), new Date(tick))
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A column was put in front of the names: each name stands where the unit should. */
export function shiftedCsv(): string {
  const lines = rowsOf(1000).map(row => `${row.id};;${row.name}`)
  return ['Nr;Navn;Enhed', ...lines, ''].join('\n')
}
