import { beforeAll, expect, test } from 'vitest'
import { demoTown } from '../support/demo-town.ts'
import { countingStatements } from '../support/statements.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

/* Eight statements a screen at most, with those that ask who the reader is and log what was looked up. */
const town = demoTown()
const MOST = 8
let it: Visitor
let draft: string
let other: string
let rule: string
let prohibition: string
let role: string
let unit: string

beforeAll(async () => {
  it = await signIn(town, 'it')
  const { source } = town.house.db
  ;[{ key: rule }] = await source.query(
    `select r.key from rights_rule r where upper_inf(r.recorded) and not r.inverted and r.roles <> '{}'
       and exists (select from derivation d where d.rule_key = r.key) order by r.key limit 1`,
  )
  ;[{ key: prohibition }] = await source.query(
    `select key from rights_rule where upper_inf(recorded) and inverted order by owner_person is null, key limit 1`,
  )
  ;[{ key: role }] = await source.query('select key from rights_role where upper_inf(recorded) order by key limit 1')
  ;[{ key: unit }] = await source.query(
    `select u.key from org_unit_current u join affiliation_current a on a.unit_id = u.unit_id and a.status = 'active'
     where u.active and u.tree = 'admin' group by 1 order by count(*) desc, 1 limit 1`,
  )
  const made = async (title: string) => {
    const changes = [{ id: 'x', kind: 'unit-close', unit }]
    const { body } = await it.post<{ id: string }>('/drafts', { name: title, onDate: town.manifest.today, changes })
    expect((await it.post(`/drafts/${body.id}/compute`, {})).status).toBe(200)
    return body.id
  }
  draft = await made('Den ene')
  other = await made('Den anden')
})

const screens: [string, () => Promise<{ status: number }>][] = [
  ['the drafts', () => it.get('/drafts')],
  ['a draft', () => it.get(`/drafts/${draft}`)],
  ['its result', () => it.get(`/drafts/${draft}/result`)],
  ['its people', () => it.post(`/drafts/${draft}/people/search`, { limit: 50 })],
  ['two drafts', () => it.get(`/drafts/${draft}/compare/${other}`)],
  ['what a change may speak of', () => it.get('/drafts-choices?kind=catalogue-title&text=a')],
  ['a rule in a draft', () => it.get(`/drafts/${draft}/form?kind=rule&key=${encodeURIComponent(rule)}`)],
  ['a role in a draft', () => it.get(`/drafts/${draft}/form?kind=role&key=${encodeURIComponent(role)}`)],
  ['the rules', () => it.get('/rules')],
  ['a rule', () => it.get(`/rules/${encodeURIComponent(rule)}`)],
  ['a prohibition', () => it.get(`/rules/${encodeURIComponent(prohibition)}`)],
  ['a rule as a form', () => it.get(`/rules/${encodeURIComponent(rule)}/form`)],
  ['a new rule', () => it.get('/rule-desk/new')],
  ['a role as a form', () => it.get(`/roles/${encodeURIComponent(role)}/form`)],
  ['what conditions are made of', () => it.get('/rule-desk/vocabulary')],
  ['what can be given', () => it.post('/rule-desk/grantable', { text: 'læs' })],
  [
    'whom conditions catch',
    () => it.post('/rule-desk/catch', { conditions: { field: 'unit', op: 'under', values: [unit] } }),
  ],
  ['unfinished changes', () => it.get('/rule-desk/drafts')],
  ['the worklist', () => it.get('/rule-desk/findings')],
  ['the history of a rule', () => it.get(`/rule-desk/history/rule/${encodeURIComponent(rule)}`)],
  ['the history of a prohibition', () => it.get(`/rule-desk/history/rule/${encodeURIComponent(prohibition)}`)],
  ['the history of a role', () => it.get(`/rule-desk/history/role/${encodeURIComponent(role)}`)],
  ['where a rule reaches', () => it.get(`/rule-desk/reach/${encodeURIComponent(rule)}`)],
  ['the tree of a role', () => it.get(`/rule-desk/role-tree/${encodeURIComponent(role)}`)],
]

/* Working out what a change does is a command and no screen; it must not grow with people or rules all the same. */
test('what a rule would do', async () => {
  const { body } = await it.get<{ form: object; version: number }>(`/rules/${encodeURIComponent(rule)}/form`)
  const change = { kind: 'rule', form: { ...body.form, name: 'Et andet navn' } }
  const ask = () => it.post('/rule-desk/preview', { change, version: body.version, offset: 0, limit: 25 })
  const { answer, statements } = await countingStatements(ask)
  expect(answer.status).toBe(200)
  expect(statements.length, statements.join('\n---\n')).toBeLessThanOrEqual(22)
})

test.each(screens)('%s', async (_name, ask) => {
  // What is kept between calls (findings of the stored rules, the policy) is there from the first.
  expect((await ask()).status).toBe(200)
  const { answer, statements } = await countingStatements(ask)
  expect(answer.status).toBe(200)
  // Session and user at least: fewer would mean that nobody counts.
  expect(statements.length).toBeGreaterThanOrEqual(2)
  expect(statements.length, statements.join('\n---\n')).toBeLessThanOrEqual(MOST)
})
