import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { say } from '#contract/said.ts'
import type { Json } from '../../platform/feed-record.ts'
import { problem } from '../../platform/problem.ts'
import type { SecretRef, SourceReader } from '../reading/reader.ts'
import { commonDeclaration, type SourceDeclaration } from './source.ts'

type Mistake = { where: string; what: string }

/** Read the sources file. Throws `source-invalid` with every mistake at once, each with its line. */
export function readSourcesFile(path: string, readers: readonly SourceReader[]): SourceDeclaration[] {
  const full = resolve(path)
  let text: string
  try {
    text = readFileSync(full, 'utf8')
  } catch (cause) {
    throw problem('source-invalid', {
      detail: `The sources file ${full} cannot be read (${(cause as NodeJS.ErrnoException).code}). Correct HJEMMEL_SOURCES.`,
      cause,
    })
  }
  return parseSources(text, { file: path, folder: dirname(full), readers })
}

/** The declarations of a sources file as text. `folder` is where its relative paths start. */
export function parseSources(
  text: string,
  options: { file: string; folder: string; readers: readonly SourceReader[] },
): SourceDeclaration[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (offset: number) => `${options.file}:${lines.linePos(offset).line}`
  const mistakes: Mistake[] = document.errors.map(error => ({
    where: at(error.pos[0]),
    what: error.message.split('\n')[0]!,
  }))
  const found: SourceDeclaration[] = []
  if (mistakes.length === 0) {
    const root: unknown = document.toJS()
    const list = root && typeof root === 'object' && 'sources' in root ? root.sources : undefined
    const lineOf = (path: (string | number)[]) => {
      for (let depth = path.length; depth >= 0; depth--) {
        const node = document.getIn(path.slice(0, depth), true)
        if (isNode(node) && node.range) return at(node.range[0])
      }
      return `${options.file}:1`
    }
    if (!Array.isArray(list)) mistakes.push({ where: lineOf([]), what: 'There must be a list `sources:`.' })
    else
      for (const [index, declared] of list.entries()) {
        const result = readDeclaration(declared, options)
        if ('declaration' in result)
          found.push({
            ...result.declaration,
            written: declared as { [key: string]: Json },
            place: lineOf(['sources', index]),
          })
        else
          for (const { path, at, what } of result.mistakes)
            mistakes.push({
              where: lineOf(['sources', index, ...path]),
              what: `${nameOf(declared, index)}: ${at ? `${at}: ` : ''}${what}`,
            })
      }
    const seen = new Set<string>()
    for (const { key } of found) {
      if (seen.has(key)) mistakes.push({ where: lineOf(['sources']), what: `Two sources are called ${key}.` })
      seen.add(key)
    }
  }
  if (mistakes.length > 0)
    throw problem('source-invalid', {
      detail: `The sources file is not valid: ${mistakes.map(mistake => `${mistake.where}: ${mistake.what}`).join(' | ')}`,
      errors: mistakes,
    })
  return found
}

const nameOf = (declared: unknown, index: number) =>
  declared && typeof declared === 'object' && 'key' in declared && typeof declared.key === 'string'
    ? `source ${declared.key}`
    : `source number ${index + 1}`

const danish = z.locales.da().localeError

/** `at` is the path as text, where the sentence does not name it itself. */
export type DeclarationMistake = { path: (string | number)[]; what: string; at?: string }
export type ReadDeclaration = { declaration: SourceDeclaration } | { mistakes: DeclarationMistake[] }

/** One declaration, whoever wrote it: the sources file, the screen, an import. All mistakes at once, with their paths. */
export function readDeclaration(
  declared: unknown,
  options: { folder: string; readers: readonly SourceReader[]; danish?: boolean },
): ReadDeclaration {
  const kinds = options.readers.map(reader => reader.kind)
  const kind = declared && typeof declared === 'object' && 'kind' in declared ? declared.kind : undefined
  const reader = options.readers.find(candidate => candidate.kind === kind)
  if (!reader) return { mistakes: [{ path: ['kind'], what: `kind must be one of ${kinds.join(', ')}` }] }
  const schema = z.strictObject({ ...commonDeclaration, kind: z.literal(reader.kind), ...reader.settings.shape })
  const result = schema.safeParse(declared, options.danish ? { error: danish } : undefined)
  if (!result.success) return { mistakes: result.error.issues.flatMap(issue => flatten(issue, [])) }
  const { key, name, authority, guards, correlation, schedule, fullEvery, kind: _kind, ...settings } = result.data
  const more = reader.check?.(settings) ?? []
  if (more.length > 0) return { mistakes: more.map(what => ofSetting(what, Object.keys(reader.settings.shape))) }
  return {
    declaration: {
      key,
      name: name ?? { da: key, en: key },
      kind: reader.kind,
      authority,
      guards,
      ...(correlation ? { correlation } : {}),
      scheduleSeconds: schedule ?? null,
      fullEverySeconds: fullEvery,
      folder: options.folder,
      settings,
    },
  }
}

/** What a reader says of its settings may begin with the one it is about: `url: the password ...`. */
function ofSetting(text: string, settings: readonly string[]): DeclarationMistake {
  const [, at = '', what = ''] = /^(\w+): (.+)$/s.exec(text) ?? []
  return settings.includes(at) ? { path: [at], at, what } : { path: [], what: text }
}

/** A union says only "invalid input"; the branch that came nearest says what is wrong. */
function flatten(issue: z.core.$ZodIssue, above: (string | number)[]): DeclarationMistake[] {
  const path = [...above, ...(issue.path as (string | number)[])]
  if (issue.code === 'invalid_union' && /^(Invalid input|Ugyldigt input)/.test(issue.message)) {
    const nearest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
    if (nearest.length > 0) return nearest.flatMap(inner => flatten(inner, path))
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ path: [...path, key], what: `there is no setting "${key}" here` }))
  return [{ path, what: issue.message, ...(path.length > 0 ? { at: path.join('.') } : {}) }]
}
const depth = (issues: z.core.$ZodIssue[]) => Math.max(0, ...issues.map(issue => issue.path.length))

/** Secrets come from the environment or a file, never from the declaration. */
export function secretReader(environment: (name: string) => string | undefined) {
  return (ref: SecretRef, folder: string): string => {
    if ('env' in ref) {
      const value = environment(ref.env)
      if (value === undefined || value === '')
        throw problem('source-invalid', {
          detail: `The environment variable ${ref.env} is not set. It holds a secret that the sources file refers to.`,
          said: say('secret-unset', { name: ref.env }),
        })
      return value
    }
    try {
      const value = readFileSync(resolve(folder, ref.file), 'utf8').replace(/\r?\n$/, '')
      if (value !== '') return value
    } catch (cause) {
      throw problem('source-invalid', {
        detail: `The secret file ${ref.file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
        said: say('secret-unreadable', { file: ref.file, code: (cause as NodeJS.ErrnoException).code ?? 'unknown' }),
        cause,
      })
    }
    throw problem('source-invalid', {
      detail: `The secret file ${ref.file} is empty.`,
      said: say('secret-empty', { file: ref.file }),
    })
  }
}
