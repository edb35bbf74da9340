import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../server/platform/ids.ts'
import { daysAhead } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { endpointsOf } from '../support/house.ts'
import { PASSWORD, personOf, signIn, signInAdministrator, type Visitor, visitor } from '../support/visitors.ts'

/*
 * Promises that hold for every endpoint, watched from inside the database: what a request wrote, and in which
 * transaction; and what happens when the log cannot be written.
 */
const town = demoTown()
const sql = <T>(text: string, params: unknown[] = []): Promise<T[]> => town.house.db.source.query(text, params)
let hr: Visitor
let it: Visitor
let admin: Visitor
let manager: Visitor
let employee: string

beforeAll(async () => {
  ;[hr, it, manager] = [await signIn(town, 'hr'), await signIn(town, 'it'), await signIn(town, 'manager')]
  admin = await signInAdministrator(town)
  employee = await personOf(town, 'employee')
  await sql('create table watched (n bigint generated always as identity, name text, what text, xid xid8)')
  await sql(`create function watch() returns trigger language plpgsql as $$
    begin insert into watched (name, what, xid) values (tg_table_name, tg_op, pg_current_xact_id()); return null; end $$`)
  const tables = await sql<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('watched', 'migration')`,
  )
  for (const { name } of tables)
    await sql(
      `create trigger a_watch after insert or update or delete on "${name}" for each statement execute function watch()`,
    )
}, 300_000)

type Write = { name: string; what: string; xid: string }
async function writesOf(work: () => Promise<{ status: number; text: string }>): Promise<Write[]> {
  await sql('truncate watched')
  const answer = await work()
  expect(answer.status, answer.text).toBe(200)
  return sql<Write>('select name, what, xid::text from watched order by n')
}
/** Bookkeeping of being signed in, not of the house's data. */
const SESSION = ['session', 'sign_in_attempt']

describe('what only reads writes nothing', () => {
  test('every read and search of the house, as HR, as IT and as the administrator: nothing but the log', async () => {
    const [unit] = await sql<{ id: string }>(
      `select unit_id as id from org_unit_current where tree = 'admin' and active limit 1`,
    )
    const [system] = await sql<{ id: string }>('select id from it_system limit 1')
    const [rule] = await sql<{ key: string }>('select key from rights_rule limit 1')
    const [role] = await sql<{ key: string }>('select key from rights_role limit 1')
    const [run] = await sql<{ id: string }>('select id from feed_run limit 1')
    const [entry] = await sql<{ id: number }>(`select id from audit_entry where action = 'rules.imported' limit 1`)
    const [right] = await sql<{ id: string; key: string }>('select id, key from entitlement limit 1')
    const [account] = await sql<{ id: string }>(`select id from account where situation = 'disputed' limit 1`)
    const two = await sql<{ id: string }>(
      `select person_id as id from person_current where kind = 'employee' and status = 'active' order by 1 limit 2`,
    )
    const fill: Record<string, string> = {
      personId: employee,
      unitId: unit!.id,
      systemId: system!.id,
      runId: run!.id,
      entryId: String(entry!.id),
      accountId: account!.id,
      entitlementId: right!.id,
      sourceKey: 'ad',
      kind: 'rule',
      nr: '1',
      part: '0',
    }
    // An id that names nothing is answered with 404.
    const filled = (name: string, key: string) => fill[name] ?? (name.endsWith('Id') ? newId() : key)
    const query: Record<string, string> = {
      getPersonAsOf: `?valid=${town.manifest.today}`,
      getKleRetention: '?kle=29.18',
      makeRegisterDocument: '?format=pdf&area=-',
      makeComplianceDocument: '?kind=dpia&format=pdf',
      makeNoticeDocument: '?format=docx',
      getStaleThen: `?asOf=${town.manifest.today}`,
      listParts: '?kind=unit',
      listDraftChoices: '?kind=unit',
      comparePeople: `?a=${two[0]!.id}&b=${two[1]!.id}`,
      ...Object.fromEntries(
        ['getPersonChanges', 'getSystemChanges', 'getUnitChanges', 'getEntitlementChanges'].map(id => [
          id,
          `?from=${town.manifest.today}&to=${town.manifest.today}`,
        ]),
      ),
      ...Object.fromEntries(
        ['getSystemAsOf', 'getUnitAsOf', 'getEntitlementAsOf'].map(id => [id, `?asOf=${town.manifest.today}`]),
      ),
      getDraftForm: '?kind=rule',
      listProof: `?from=2020-01-01&to=${town.manifest.today}`,
      getLeadTimes: `?from=2020-01-01&to=${town.manifest.today}`,
      whyNot: `?entitlement=${encodeURIComponent(right!.key)}`,
    }
    const noRole = { change: { kind: 'remove-role', key: 'ingen' }, version: null }
    const draftRule = {
      key: 'kladde',
      name: 'Kladde',
      conditions: { kind: 'elected' },
      validFrom: town.manifest.today,
      state: 'draft',
      owner: 'IT',
      order: 1,
    }
    const accountType = {
      ...{ key: 'proeve', name: 'Prøve', per: 'person', source: 'ad', leadDays: 0, dependsOn: null },
      ...{ disableAfter: 0, deleteAfter: null, rules: [], userName: null },
    }
    const bodies: Record<string, unknown> = {
      searchAll: { text: 'an' },
      previewRetention: { rows: ['contact'] },
      previewPackage: { systems: [system!.id], day: town.manifest.today, leaversFrom: town.manifest.today },
      validateSource: { declaration: {} },
      previewSourceImport: { yaml: 'sources: []' },
      previewSheets: { systems: [system!.id], set: { area: 'Et andet' } },
      previewMerge: { survivorId: two[0]!.id, absorbedId: two[1]!.id },
      previewSettle: { action: 'removal', choice: { ids: [newId()] } },
      previewMappings: {
        steps: [{ do: 'add', source: 'ad', pattern: 'DL-*', entitlement: right!.key, place: 'last' }],
      },
      previewPattern: { source: 'ad', pattern: 'DL-*' },
      catchRule: { conditions: { field: 'kind', op: 'in', values: ['elected'] } },
      previewAccessPolicies: (await it.get<{ policies: object }>('/access-policies')).body.policies,
      listReportedAffiliations: { personId: employee },
      listFormerRights: { personId: employee },
      proposeRights: { kind: 'employment', unitId: unit!.id, title: 'Sygeplejerske', on: null, hours: 37 },
      listSettlers: { choice: { ids: [newId()] } },
      previewRung: { rung: 'add' },
      previewAccountType: { id: null, version: null, values: accountType },
      previewDesk: noRole,
      exportDeskPreview: noRole,
      writeRuleForm: noRole,
      readRuleForm: { rule: { ...draftRule, entitlements: [right!.key] } },
      exportWhatIf: { format: 'csv' },
      previewAccountRule: { pattern: 'svc-*', accountKind: 'service' },
      previewRules: { yaml: (await it.get<{ yaml: string }>('/rules-export')).body.yaml },
    }
    const tried: string[] = []
    const refused: string[] = []
    for (const endpoint of endpointsOf(town.house)) {
      // Those of signing in keep a challenge in the session; they are held by the tests of signing in.
      if (endpoint.kind === 'command' || endpoint.path.startsWith('/session/') || /passkey|links/.test(endpoint.path))
        continue
      // A file as the body itself, and no JSON: held by the tests of reading such files.
      if (endpoint.summary.includes('octet-stream')) continue
      const key = endpoint.path.startsWith('/rules/') ? rule!.key : role!.key
      const path =
        endpoint.path
          .replace('/vocabularies/:kind', '/vocabularies/data')
          .replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(filled(name, key))) + (query[endpoint.id] ?? '')
      for (const visitor of [hr, it, admin]) {
        await sql('truncate watched')
        const answer = await visitor.send(
          endpoint.method,
          path,
          endpoint.method === 'GET' ? undefined : (bodies[endpoint.id] ?? {}),
        )
        if (answer.status !== 200) {
          if (![403, 404].includes(answer.status)) refused.push(`${endpoint.id} ${answer.status} ${answer.text}`)
          continue
        }
        tried.push(endpoint.id)
        const written = (await sql<Write>('select name, what, xid::text from watched')).filter(
          one => !SESSION.includes(one.name),
        )
        expect(
          written.filter(one => !['audit_entry', 'audit_payload'].includes(one.name)),
          endpoint.id,
        ).toEqual([])
      }
    }
    // Each read has been asked something that it understands.
    expect(refused).toEqual([])
    expect(new Set(tried).size).toBeGreaterThan(25)
  }, 240_000)
  test('looking at a person or at a list of people leaves exactly one entry', async () => {
    const entries = async () =>
      (await sql<{ n: number }>('select count(*)::int as n from audit_entry where lookup'))[0]!.n
    const dpo = await signIn(town, 'dpo')
    const n = await entries()
    await dpo.get(`/people/${employee}`)
    await dpo.post('/people/search', { kind: 'employee' })
    await dpo.post('/people/search', { kind: 'employee' })
    expect(await entries()).toBe(n + 2)
  })
})

describe('every command and its audit entry are one transaction', () => {
  const commands: Record<string, () => Promise<{ status: number; text: string }>> = {
    revealCpr: () => hr.post(`/people/${employee}/cpr`, { reason: 'Sag 2026-12' }),
    createLocalUser: () =>
      admin.post('/local-users', {
        kind: 'outsider',
        username: 'faelles.dpo',
        displayName: 'Fælles DPO',
        role: 'dpo',
        to: daysAhead(90),
        reason: 'Fælles DPO for fire kommuner',
      }),
    grantLocalRole: async () =>
      admin.post(`/local-users/${await userId('faelles.dpo')}/roles`, {
        role: 'auditor',
        to: daysAhead(30),
        reason: 'Revision 2026',
      }),
    endLocalRole: async () =>
      admin.send(
        'DELETE',
        `/local-users/${await userId('faelles.dpo')}/roles/${(await sql<{ id: string }>(`select id from local_role where role = 'auditor' limit 1`))[0]!.id}`,
      ),
    resetLocalUser: async () => admin.post(`/local-users/${await userId('faelles.dpo')}/link`),
    disableLocalUser: async () => admin.post(`/local-users/${await userId('faelles.dpo')}/disable`),
    importRules: async () => {
      const yaml = (await it.get<{ yaml: string }>('/rules-export')).body.yaml
      const preview = await it.post<{ hash: string }>('/rules/preview', { yaml })
      return it.post('/rules/import', { yaml, hash: preview.body.hash })
    },
    newRecoveryCodes: () => admin.post('/second-factors/recovery-codes'),
  }
  const userId = async (name: string) =>
    (await sql<{ id: string }>('select id from tool_user where username = $1', [name]))[0]!.id

  test.each(Object.keys(commands))('%s', async name => {
    const writes = (await writesOf(commands[name]!)).filter(one => !SESSION.includes(one.name))
    const audited = new Set(writes.filter(one => one.name === 'audit_entry').map(one => one.xid))
    expect(audited.size).toBeGreaterThan(0)
    expect(writes.filter(one => !audited.has(one.xid))).toEqual([])
  })

  test('a run started from the screen is on record with the run, and the screen can follow it', async () => {
    const writes = await writesOf(() => it.post('/sources/systemer/runs', { dryRun: true }))
    const started = writes.find(one => one.name === 'feed_run' && one.what === 'INSERT')!
    expect(writes.some(one => one.name === 'audit_entry' && one.xid === started.xid)).toBe(true)
    for (;;) {
      const runs = await it.get<{ rows: { state: string; trigger: string; startedBy: string }[] }>(
        '/runs?source=systemer',
      )
      if (runs.body.rows[0]!.state === 'running') continue
      expect(runs.body.rows[0]).toMatchObject({ state: 'done', trigger: 'manual', dryRun: true })
      break
    }
  })

  test('it names the function of whoever started it, not always IT', async () => {
    await it.post('/sources/systemer/runs', { dryRun: true })
    await admin.post('/sources/skole/runs', { dryRun: true })
    const rows = await sql(
      `select distinct on (subject_id) subject_id as source, actor_function as in_function from audit_entry
       where action = 'feed.run' and subject_id in ('systemer', 'skole') and actor_kind = 'user' order by subject_id, id desc`,
    )
    expect(rows).toEqual([
      { source: 'skole', in_function: 'admin' },
      { source: 'systemer', in_function: 'it' },
    ])
  })
})

test('when the log cannot be written, nothing is done and nothing is shown', async () => {
  const count = async () =>
    (
      await sql<{ users: number; roles: number; rules: number; codes: number; runs: number }>(
        `select (select count(*)::int from tool_user) as users, (select count(*)::int from local_role) as roles,
          (select count(*)::int from rights_rule) as rules, (select count(*)::int from recovery_code) as codes,
          (select count(*)::int from feed_run) as runs`,
      )
    )[0]
  const before = await count()
  const [right] = await sql<{ id: string; system: string }>(
    'select e.id, e.system_id as system from assignment a join entitlement e on e.id = a.entitlement_id limit 1',
  )
  await sql(
    `create function no_log() returns trigger language plpgsql as $$ begin raise exception 'the log is full'; end $$`,
  )
  await sql('create trigger a_no_log before insert on audit_entry for each row execute function no_log()')
  try {
    const stranger = await personOf(town, 'deputy')
    const refused = [
      await hr.post(`/people/${stranger}/cpr`, { reason: 'Sag 2026-13' }),
      await hr.get(`/people/${stranger}`),
      await hr.get(`/people/${stranger}/timeline`),
      await hr.post('/people/search', { text: 'sen', kind: 'employee', sort: 'unit' }),
      await manager.post('/people/search', {}),
      // A question that nobody has asked yet: the same one within ten minutes is on record already.
      await it.get(`/systems/${right!.system}/holders?entitlement=${right!.id}`),
      await it.post('/accounts/search', { kind: 'admin' }),
      await it.post('/sources/systemer/runs', { dryRun: true }),
      await admin.post('/local-users', {
        kind: 'outsider',
        username: 'uden.spor',
        displayName: 'Uden Spor',
        role: 'auditor',
        to: daysAhead(9),
        reason: 'Skal ikke kunne ske',
      }),
      await admin.post('/second-factors/recovery-codes'),
    ]
    expect(refused.map(answer => answer.status)).toEqual(refused.map(() => 500))
    for (const answer of refused)
      expect(
        Object.keys(answer.body).filter(key => !['type', 'title', 'status', 'code', 'requestId'].includes(key)),
      ).toEqual([])
    const browser = visitor(town)
    await browser.session()
    await browser.post('/session/demo', { username: town.manifest.signIns[0]!.username })
    await browser.post('/session/local', { username: 'administrator', password: PASSWORD })
  } finally {
    await sql('drop trigger a_no_log on audit_entry')
  }
  expect(await count()).toEqual(before)
})

describe('the description of the API', () => {
  type Operation = {
    operationId: string
    parameters: { name: string; in: string; required: boolean; schema: object }[]
    responses: Record<string, { content?: Record<string, { schema: object }> }>
    requestBody?: object
    security?: object[]
  }
  type Document = {
    openapi: string
    info: { title: string; version: string; license: { identifier: string } }
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, object>; securitySchemes: object }
  }
  test('is OpenAPI 3.1, has every endpoint and no other, and hangs together', async () => {
    const answer = await visitor(town).get<Document>('/openapi.json')
    expect(answer.status).toBe(200)
    const document = answer.body
    expect(document.openapi).toMatch(/^3\.1\.\d$/)
    expect(document.info).toMatchObject({ title: 'Hjemmel', license: { identifier: 'MPL-2.0' } })
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
    expect(operations.map(one => one.operation.operationId).sort()).toEqual(
      endpointsOf(town.house)
        .map(one => one.id)
        .sort(),
    )
    for (const { path, method, operation } of operations) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1])
      const inPath = operation.parameters.filter(one => one.in === 'path')
      expect(inPath.map(one => one.name).sort(), path).toEqual(names.sort())
      expect(inPath.every(one => one.required)).toBe(true)
      expect(path).not.toContain(':')
      expect(operation.responses['200']?.content?.['application/json']?.schema, path).toBeDefined()
      expect('requestBody' in operation, path).toBe(method !== 'get')
      if (operation.security) expect(operation.responses['401'], path).toBeDefined()
    }
    // Every reference leads somewhere.
    const text = JSON.stringify(document)
    for (const [, target] of text.matchAll(/"\$ref":"#([^"]+)"/g)) {
      const found = target!
        .split('/')
        .filter(Boolean)
        .reduce<unknown>(
          (at, step) => (at as Record<string, unknown> | undefined)?.[decodeURIComponent(step)],
          document,
        )
      expect(found, target).toBeDefined()
    }
  })
  test('answers declare all their fields: nothing else may be in them', async () => {
    const { body } = await visitor(town).get<Document>('/openapi.json')
    for (const [path, methods] of Object.entries(body.paths))
      for (const operation of Object.values(methods)) {
        const schema = operation.responses['200']!.content!['application/json']!.schema as {
          additionalProperties?: unknown
          properties?: object
        }
        // A JSON Schema is answered as it is: what may stand in one, its own specification says.
        if (operation.operationId === 'getHrSchema') continue
        expect(schema.additionalProperties, `${path} ${operation.operationId}`).toBe(false)
      }
  })
  test('the page that shows it runs under the content policy: nothing inline in it, its files are there', async () => {
    const page = await fetch(`${town.url}/api/docs/`)
    const html = await page.text()
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    for (const script of html.match(/<script[^>]*>/g)!) expect(script).toMatch(/src="/)
    expect(html).not.toMatch(/ style=| on\w+=/)
    for (const [, file] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const answer = await fetch(`${town.url}/api/docs/${file}`)
      expect(answer.status, file).toBe(200)
      await answer.arrayBuffer()
    }
    expect((await fetch(`${town.url}/api/docs`)).url).toBe(`${town.url}/api/docs/`)
  })
})
