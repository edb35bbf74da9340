import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cruise, type IConfiguration, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { expect, test } from 'vitest'
import { checkoutDir } from '../server/platform/data-dir.ts'

const config = createRequire(import.meta.url)(join(checkoutDir, '.dependency-cruiser.cjs')) as IConfiguration
const PRODUCT = ['server', 'client', 'migrations']

async function look(folders: string[], baseDir = checkoutDir): Promise<ICruiseResult> {
  const result = await cruise(
    folders,
    { ...config.options, baseDir, validate: true, ruleSet: { forbidden: config.forbidden ?? [] } } as never,
    undefined,
    { tsConfig: extractTSConfig(join(checkoutDir, 'tsconfig.json')) },
  )
  return result.output as ICruiseResult
}

const filesOf = (folder: string) =>
  readdirSync(join(checkoutDir, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name).slice(checkoutDir.length + 1))

test('imports point down the house: no violation, in all of its modules', async () => {
  const { modules, summary } = await look([...PRODUCT, 'tests'])
  const own = modules.map(module => module.source).filter(source => /^(server|client|migrations)\//.test(source))
  expect(summary.violations.map(one => `${one.rule.name}: ${one.from} → ${one.to}`)).toEqual([])
  // A tool that sees nothing finds nothing: it has to have seen every file there is.
  expect(own.length).toBeGreaterThan(150)
  expect(PRODUCT.flatMap(filesOf).filter(file => !own.includes(file))).toEqual([])
}, 120_000)

/** For each rule an import that it must object to, between files that there are or could be. */
const PLANTED: Record<string, [from: string, to: string]> = {
  'contract-only-zod': ['server/contract/x.ts', 'server/platform/ids.ts'],
  'client-sees-only-contract': ['client/x.ts', 'server/rules/rule-index.ts'],
  'server-not-client': ['server/x.ts', 'client/main.tsx'],
  'product-not-tests': ['server/x.ts', 'tests/support/database.ts'],
  'typeorm-and-pg-at-the-edge': ['server/access/x-service.ts', 'node_modules/typeorm/index.js'],
  'express-at-the-edge': ['server/access/x-service.ts', 'node_modules/express/index.js'],
  'ldapts-in-one-place': ['server/auth/x.ts', 'node_modules/ldapts/dist/index.js'],
  'stores-and-routes-are-private': ['server/access/x.ts', 'server/people/people-tables.ts'],
  'features-are-islands': ['client/features/person/x.ts', 'client/features/rules/conditions.tsx'],
  'rooms-below-edges': ['server/access/x.ts', 'server/wiring.ts'],
  'set-up-from-the-start': ['server/wiring.ts', 'server/setup/set-up.ts'],
  'sibling-auth': ['server/auth/x.ts', 'server/directory/ldap-reader.ts'],
  'sibling-directory': ['server/directory/x.ts', 'server/auth/session.ts'],
  'down-only-platform': ['server/platform/x.ts', 'server/people/fact.ts'],
  'down-only-people': ['server/people/x.ts', 'server/systems/system-store.ts'],
  'down-only-policy': ['server/policy/x.ts', 'server/rules/role.ts'],
  'down-only-access': ['server/access/x.ts', 'server/overview/look.ts'],
  'down-only-rules': ['server/rules/x.ts', 'server/access/visible.ts'],
  'down-only-feeds': ['server/feeds/x.ts', 'server/systems/system-store.ts'],
  'down-only-register': ['server/register/x.ts', 'server/rules/rules-store.ts'],
  'down-only-systems': ['server/systems/x.ts', 'server/rules/role.ts'],
  'down-only-audit': ['server/audit/x.ts', 'server/policy/policy.ts'],
  'down-only-findings': ['server/findings/x.ts', 'server/people/fact.ts'],
  'down-only-orders': ['server/orders/x.ts', 'server/mails/mail-texts.ts'],
  'down-only-mails': ['server/mails/x.ts', 'server/lifecycle/cases/case.ts'],
  'sibling-lifecycle': ['server/lifecycle/x.ts', 'server/fulfilment/reach.ts'],
  'sibling-fulfilment': ['server/fulfilment/x.ts', 'server/lifecycle/cases/case.ts'],
  'sibling-gdpr': ['server/gdpr/x.ts', 'server/lifecycle/cases/case.ts'],
  'sibling-interop': ['server/interop/x.ts', 'server/lifecycle/cases/case.ts'],
  'down-only-plans': ['server/plans/x.ts', 'server/people/fact.ts'],
}

test.each(Object.entries(PLANTED))('%s objects to a planted import', (name, [from, to]) => {
  const rule = config.forbidden?.find(one => one.name === name) as IForbiddenRuleType | undefined
  expect(rule, 'there is no such rule').toBeDefined()
  expect(objects(rule!, from, to)).toBe(true)
  // The same rule says nothing of an import that is allowed.
  expect(objects(rule!, 'server/contract/x.ts', 'node_modules/zod/index.js')).toBe(false)
})

test('every rule of the house has its planted import', () => {
  const rooms = readdirSync(join(checkoutDir, 'server'))
  const needed = (config.forbidden ?? [])
    .map(rule => rule.name!)
    .filter(name => name !== 'no-circle')
    // Rooms that are not built yet have nothing to hold.
    .filter(name => !/^(down-only|sibling)-/.test(name) || rooms.includes(name.replace(/^(down-only|sibling)-/, '')))
    .filter(name => name !== 'down-only-contract')
  expect(needed.filter(name => !(name in PLANTED))).toEqual([])
})

/** What dependency-cruiser does with `path`, `pathNot` and the group of the from-side, on one pair of names. */
function objects(rule: IForbiddenRuleType, from: string, to: string): boolean {
  const list = (pattern: string | string[] | undefined) => (Array.isArray(pattern) ? pattern.join('|') : pattern)
  const { path, pathNot } = rule.from as { path?: string | string[]; pathNot?: string | string[] }
  const target = (rule as unknown as { to: object }).to as { path?: string | string[]; pathNot?: string | string[] }
  const source = new RegExp(list(path) ?? '').exec(from)
  if (!source || (pathNot && new RegExp(list(pathNot)!).test(from))) return false
  const filled = (pattern: string | string[]) => new RegExp(list(pattern)!.replaceAll('$1', source[1] ?? ''))
  if (target.path && !filled(target.path).test(to)) return false
  return !(target.pathNot && filled(target.pathNot).test(to))
}

const sources = [...PRODUCT, 'tests'].flatMap(filesOf).map(file => ({
  file,
  text: readFileSync(join(checkoutDir, file), 'utf8'),
}))
const product = sources.filter(({ file }) => !file.startsWith('tests/'))

test('no file of the server or client has grown past reconsidering without a word', () => {
  // Texts are lists, and lists are as long as what they list.
  const long = product
    .filter(({ file }) => !file.startsWith('client/texts/') && !/(^server\/contract\/|-tables\.ts$)/.test(file))
    .map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > 450)
  expect(long).toEqual([])
})

test('no barrels, no default exports', () => {
  const barrels = product.filter(({ text }) => /^export (\*|\{[^}]*\}) from /m.test(text)).map(({ file }) => file)
  expect(barrels).toEqual([])
  const defaults = product.filter(({ text }) => /^export default /m.test(text)).map(({ file }) => file)
  expect(defaults).toEqual([])
})

test('settings are read in one place', () => {
  const readers = product.filter(({ text }) => /process\.env\b/.test(text)).map(({ file }) => file)
  expect(readers).toEqual(['server/platform/config.ts'])
})

test('the server writes to the log, not to the console', () => {
  expect(product.filter(({ file, text }) => file.startsWith('server/') && /\bconsole\./.test(text))).toEqual([])
})

test('no test is skipped, left out or alone', () => {
  const marked = sources
    .filter(({ file }) => file.endsWith('.test.ts') && file !== 'tests/architecture.test.ts')
    .filter(({ text }) => /\b(test|it|describe)\.(skip|only|todo|skipIf|runIf|fails)\b/.test(text))
    .map(({ file }) => file)
  expect(marked).toEqual([])
})

test('no text is put into SQL: values are bound', () => {
  // A template literal given to query() may only be filled with what the program itself chose; a caller's value is "$1".
  const suspicious = product
    .filter(({ file }) => file.startsWith('server/'))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/\.query[^`(]*\(\s*`[^`]*`/g)]
        .flatMap(match => [...match[0].matchAll(/\$\{([^}]*)\}/g)])
        .map(match => match[1]!)
        // `q.bind(value, type)` (platform/statement.ts) answers a place holder, not the value.
        .filter(inner => !/^(q|textSql)\b/.test(inner))
        .filter(inner => /\b(body|params|request|input|username)\b/.test(inner))
        .map(inner => `${file}: ${inner}`),
    )
  expect(suspicious).toEqual([])
})

/** Each makes a day of an instant by a zone that nobody named: between 22:00 or 23:00 UTC and midnight it is the wrong one. */
const HIDDEN_DAY = [
  /\bcurrent_date\b/i,
  /\b(now\(\)|(clock|statement)_timestamp\(\)|current_timestamp)::date\b/i,
  /T23:59/,
  /(\bnew Date\((Date\.now\(\)[^)]*)?\)|\bnow(\(\))?)\.(toISOString|toJSON)\(\)\.(slice\(0, 10\)|split\('T'\))/,
]

test('today is the day in Copenhagen: it comes from the clock, and no day is made by the zone of a server', () => {
  const hidden = (text: string) => HIDDEN_DAY.flatMap(one => text.match(one)?.[0] ?? [])
  for (const planted of [
    'where ends_on < current_date - 90',
    'now()::date',
    "new Date(day + 'T23:59:59.999Z')",
    'new Date().toISOString().slice(0, 10)',
    'new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)',
    'clock.now().toISOString().slice(0, 10)',
  ])
    expect(hidden(planted), planted).toHaveLength(1)
  const found = sources
    // Migrations have run; a browser's own zone is that of whoever reads.
    .filter(({ file }) => /^(server|tests)\//.test(file) && file !== 'tests/architecture.test.ts')
    .flatMap(({ file, text }) => hidden(text).map(what => `${file}: ${what}`))
    // What a feed may write is not what we say.
    .filter(line => line !== 'tests/server/feeds/reading/map-record.test.ts: T23:59')
  expect(found).toEqual([])
})
