import { Document, isNode, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { type Said, say } from '#contract/said.ts'
import { mappingProblems } from '../systems/group-mapping.ts'
import { type GroupMapping, groupMapping } from './group-mapping.ts'
import { type RightsRule, rightsRule } from './rights-rule.ts'
import { type Role, role } from './role.ts'
import { ruleProblemSaid } from './rule-problem-said.ts'
import { validateRules } from './validate-rules.ts'

/** A rules file: any of the three lists may be missing. Order is kept. */
export type RulesFile = { roles: Role[]; rules: RightsRule[]; mappings: GroupMapping[] }

/** Where and what: `code` is a text key, `message` says it in English with what to do, for the command line. */
export type YamlProblem = {
  file: string
  line: number
  column: number
  code: string
  params: Record<string, string>
  message: string
  /** The same as `message`, for screens. */
  said: Said
}

const rulesFile = z.strictObject({
  roles: z.array(role).default([]),
  rules: z.array(rightsRule).default([]),
  mappings: z.array(groupMapping).default([]),
})

type Path = readonly PropertyKey[]
const maxBytes = 20_000_000
const MOST_TOLD = 100

/**
 * Reads a rules file, all problems at once. Nothing is imported from a file with a problem. `knownEntitlements`, when
 * given, must hold every entitlement that is named; `knownRoles` are roles that stand elsewhere (already stored).
 */
export function readRulesYaml(
  text: string,
  file: string,
  { knownEntitlements, knownRoles = [] }: { knownEntitlements?: readonly string[]; knownRoles?: readonly Role[] } = {},
): { content: RulesFile; problems: [] } | { content: null; problems: YamlProblem[] } {
  if (text.length > maxBytes) return { content: null, problems: [tooLarge(file)] }
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const [document] = documents as Document.Parsed[]
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  if (!document) return { content: { roles: [], rules: [], mappings: [] }, problems: [] }

  // A warning is an unknown tag or directive: something the author meant and we would drop.
  const broken = [...document.errors, ...document.warnings]
  if (documents[1]) {
    const message = 'The file holds several YAML documents. Put everything in one, without "---" lines.'
    return {
      content: null,
      problems: [
        {
          ...{ ...at(documents[1].range?.[0] ?? 0), code: 'yaml-several-documents', params: {}, message },
          said: say('yaml-several-documents', {}),
        },
      ],
    }
  }
  if (broken.length > 0)
    return {
      content: null,
      problems: broken.map(error => ({
        ...at(error.pos[0]),
        code: 'yaml-syntax',
        params: { what: error.message },
        message: `This is not valid YAML: ${error.message}. Correct the line.`,
        said: say('yaml-syntax', { what: error.message }),
      })),
    }

  const place = (path: Path) => at(offsetOf(document, path))
  let raw: unknown
  try {
    raw = document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    const what = (error as Error).message
    return {
      content: null,
      problems: [
        {
          ...{ ...at(0), code: 'yaml-syntax', params: { what }, message: `${what}. Write repeated parts out.` },
          said: say('yaml-syntax', { what }),
        },
      ],
    }
  }

  const parsed = rulesFile.safeParse(raw)
  if (!parsed.success)
    return { content: null, problems: parsed.error.issues.flatMap(issue => shapeProblems(issue, place)) }
  const content = parsed.data
  const problems = contentProblems(content, place, knownRoles, knownEntitlements)
  return problems.length > 0 ? { content: null, problems } : { content, problems: [] }
}

function shapeProblems(
  issue: z.core.$ZodIssue,
  place: (path: Path) => Omit<YamlProblem, 'code' | 'params' | 'message' | 'said'>,
): YamlProblem[] {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({
      ...place([...issue.path, key]),
      code: 'yaml-unknown-key',
      params: { key },
      message: `"${key}" is not known here. Correct the spelling or remove it.`,
      said: say('yaml-unknown-key', { key }),
    }))
  return [
    {
      ...place(issue.path),
      code: 'yaml-bad-value',
      params: { field, what: issue.message },
      message: `${field || 'The file'}: ${issue.message}.`,
      said: say('yaml-bad-value', { field: field || 'YAML' }),
    },
  ]
}

function contentProblems(
  content: RulesFile,
  place: (path: Path) => Omit<YamlProblem, 'code' | 'params' | 'message' | 'said'>,
  knownRoles: readonly Role[],
  knownEntitlements: readonly string[] | undefined,
): YamlProblem[] {
  const own = new Set(content.roles.map(one => one.key))
  const roles = [...content.roles, ...knownRoles.filter(one => !own.has(one.key))]
  const found = validateRules(content.rules, roles, knownEntitlements).map(
    ({ kind, key, index, code, at, params }): YamlProblem => {
      const details = Object.entries(params).map(([name, value]) => `${name} ${value}`)
      return {
        ...place([kind === 'rule' ? 'rules' : 'roles', index, ...at]),
        code,
        params: { ...params, [kind]: key },
        message: `${kind} "${key}": ${[advice[code] ?? code, ...details].join('; ')}.`,
        said: ruleProblemSaid({ code, key, params }),
      }
    },
  )
  content.mappings.forEach((mapping, i) => {
    for (const code of mappingProblems(mapping.match.cn, mapping.entitlement))
      found.push({
        ...place(['mappings', i, 'entitlement']),
        code,
        params: { entitlement: mapping.entitlement },
        message: `mapping of "${mapping.match.cn}": ${advice[code]}.`,
        said:
          code === 'mapping-unknown-star'
            ? say(code, { key: mapping.match.cn })
            : say(code, { key: mapping.match.cn, entitlement: mapping.entitlement }),
      })
  })
  return found
}

/** What to do about a problem, in English, by its code. */
export const advice: Readonly<Record<string, string>> = {
  'condition-not-an-object': 'conditions are fields with values, or {} for every affiliation',
  'condition-unknown-field': 'this fact does not exist; correct its name',
  'condition-unknown-operator':
    'this operator is not possible here; use $eq, $ne, $in, $nin, $exists, $not, $gt, $gte, $lt, $lte (numbers and dates) or $under (unit)',
  'condition-bad-value': 'the value does not fit the fact',
  'condition-empty-list': 'nothing is listed; name at least one, or remove the line',
  'condition-too-large': 'too deep or too long; split the rule',
  'rule-duplicate': 'the same rule stands twice for the same days; end one or remove it',
  'rule-grants-nothing': 'name at least one entitlement or a role that holds one',
  'rule-inverted-without-reason': 'a prohibition needs a reason',
  'rule-validity-empty': 'validTo must be later than validFrom',
  'rule-constraint-unused': 'the constraint is for an entitlement that the rule does not give',
  'rule-names-person': 'only a prohibition with an end (validTo) may name people',
  'rule-excepts-unknown': 'excepts names another rule of this file, and only a prohibition can be an exception',
  'role-duplicate': 'the same role stands twice; remove one',
  'role-unknown': 'this role does not exist; correct its key or add the role',
  'role-cycle': 'these roles contain each other; remove one of the links',
  'entitlement-key-invalid': 'an entitlement is written system/entitlement, with a system in small letters',
  'entitlement-unknown': 'this entitlement does not exist; correct its key or add it to the system',
  'entitlement-wildcard-empty': 'no entitlement of this system is known',
  'entitlement-everything-granted': '"*" is only possible in a prohibition; name the systems',
  'mapping-unknown-star': 'the entitlement uses a star that cn does not have; {1} is the first "*"',
}

const tooLarge = (file: string): YamlProblem => ({
  file,
  line: 1,
  column: 1,
  code: 'yaml-too-large',
  params: { limit: String(maxBytes) },
  message: `The file is larger than ${maxBytes / 1e6} MB. Split it.`,
  said: say('yaml-too-large', { limit: maxBytes / 1e6 }),
})

/** The place of a path in the text; of what is missing, the place of what it is missing from. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const steps = path.slice(0, length)
    const node = document.getIn(steps, true)
    if (!isNode(node)) continue
    return keyOffset(document, steps) ?? (node as Node).range?.[0] ?? 0
  }
  return document.contents?.range?.[0] ?? 0
}

/** In a mapping the key is the better place to point at: that is the line the author sees. */
function keyOffset(document: Document.Parsed, path: Path): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
  const items = (parent as { items?: { key?: unknown }[] }).items ?? []
  const key = items.find(
    item => isNode(item.key) && String((item.key as { value?: unknown }).value) === path.at(-1),
  )?.key
  return (key as Node | undefined)?.range?.[0]
}

/** The problems of a text as a refusal carries them: with the line, and in codes for screens. */
export const mistakesOf = (problems: readonly YamlProblem[]) =>
  problems.slice(0, MOST_TOLD).map(({ line, column, message, said }) => ({
    ...{ where: `line ${line}, column ${column}`, what: message, said, line },
  }))

/** Writes a rules file that `readRulesYaml` reads back as the same content, in the same order. */
export function writeRulesYaml(content: RulesFile): string {
  // Through the shape once more: keys in one order whatever they come from, so that two exports can be compared.
  const document = new Document(rulesFile.parse(content), { aliasDuplicateObjects: false })
  return document.toString({ lineWidth: 120 })
}
