import { createHash } from 'node:crypto'
import { parseDocument, stringify } from 'yaml'
import { isProblem, problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { SecretRef } from '../reading/reader.ts'
import { recipientOf, secretsOf } from './decide-screen-source.ts'
import { readScreenDeclaration, type Understanding, understood } from './declared-sources.ts'
import type { DeclarationMistake } from './read-sources.ts'
import { folderOf } from './screen-limits.ts'
import { declarationChanges, effective, pointer, shownMistakes } from './show-declaration.ts'
import type { SourceDeclaration } from './source.ts'
import {
  lockSources,
  putSource,
  type StoredSource,
  setDeclared,
  storedSource,
  storedSources,
  type Written,
} from './source-store.ts'

export type SourcesDeps = Understanding & {
  /** Throws when there is no such secret. */
  secretOf(ref: SecretRef, folder: string): string
  /** Does a change that this user has started or brought about wait at a guard of the source? */
  changeWaits(tx: Tx, source: string, userId: string): Promise<boolean>
}

/** What a command on a source came to, for the audit entry in its transaction. */
export type SourceWritten = {
  key: string
  version: number
  action: 'source.created' | 'source.changed' | 'source.retired' | 'source.restored' | 'source.imported'
  before: Written | null
  after: Written
  reason: string | null
}
type By = { id: string }
type Given = { declaration: Written; confirmSecret: boolean }

/** Sources as people declare them on the screen: the same schemas as the sources file, within the limits of the screen. */
export function createSources(deps: SourcesDeps) {
  const read = (declared: Written) => readScreenDeclaration(declared, deps)

  const mistakesOf = (declared: Written, english: readonly DeclarationMistake[]) => {
    const danish = readScreenDeclaration(declared, deps, { danish: true })
    return shownMistakes(english, 'mistakes' in danish ? danish.mistakes : [])
  }

  /** The declaration, or `source-invalid` with every mistake at its place. */
  const readOrThrow = (declared: Written): SourceDeclaration => {
    const result = read(declared)
    if ('declaration' in result) return result.declaration
    throw problem('source-invalid', {
      detail: result.mistakes.map(({ at, what }) => (at ? `${at}: ${what}` : what)).join(' | '),
      errors: result.mistakes.map(({ path, what }) => ({ where: pointer(path), what })),
    })
  }

  const secretsState = (declared: unknown, folder: string) =>
    secretsOf(declared).map(({ path, ref }) => ({ where: pointer(path), ref, found: found(ref, folder) }))
  const found = (ref: SecretRef, folder: string): boolean => {
    try {
      return deps.secretOf(ref, folder) !== ''
    } catch (error) {
      if (isProblem(error)) return false
      throw error
    }
  }

  /**
   * Would a secret go to somebody that no source sends it to? Whoever may change a source must not get at its password by
   * changing where it is sent without anybody noticing.
   */
  const needsConfirming = async (tx: Tx, declared: Written): Promise<boolean> => {
    const refs = new Set(secretsOf(declared).map(({ ref }) => JSON.stringify(ref)))
    if (refs.size === 0) return false
    const recipient = recipientOf(declared)
    for (const ref of refs) {
      const users = (await storedSources(tx)).filter(source =>
        secretsOf(source.written).some(one => JSON.stringify(one.ref) === ref),
      )
      if (users.length > 0 && !users.some(source => recipientOf(source.written) === recipient)) return true
    }
    return false
  }
  const confirmed = async (tx: Tx, { declaration, confirmSecret }: Given): Promise<void> => {
    if (!confirmSecret && (await needsConfirming(tx, declaration)))
      throw problem('secret-unconfirmed', {
        detail:
          'The secret that this source refers to would be sent to another server, under another name or with less protection than until now. Confirm that it may.',
      })
  }

  /** The stored source that somebody has looked at and may change. */
  const changeable = async (tx: Tx, key: string, version: number): Promise<StoredSource & { written: Written }> => {
    await lockSources(tx)
    const stored = await storedSource(tx, key)
    if (!stored || stored.owner === 'draft') throw problem('not-found', { detail: `There is no source "${key}".` })
    if (stored.owner === 'file')
      throw problem('source-read-only', {
        detail: `The sources file declares ${key}${stored.place ? ` (${stored.place})` : ''}. Change it there, and start Hjemmel again.`,
        params: { place: stored.place },
      })
    if (stored.version !== version)
      throw problem('conflict', {
        detail: `Version ${stored.version} of ${key} counts now; you looked at version ${version}. Look at what has changed and try again.`,
        params: { version: stored.version },
      })
    return { ...stored, written: stored.written ?? {} }
  }

  /** Who waits for a guard may not take it away: the guards of a source stay while a run of theirs is held back. */
  const guardsMayChange = async (tx: Tx, before: Written, after: Written, by: By): Promise<void> => {
    const key = String(after.key)
    if (JSON.stringify(before.guards ?? null) === JSON.stringify(after.guards ?? null)) return
    if (await deps.changeWaits(tx, key, by.id))
      throw problem('second-person-needed', {
        detail: `A change of yours in ${key} is held back by a guard. Another person must change the guards, or decide on the run first.`,
      })
  }

  const create = async (tx: Tx, by: By, given: Given & { reason: string | null }): Promise<SourceWritten> => {
    await lockSources(tx)
    const source = readOrThrow(given.declaration)
    const known = await storedSource(tx, source.key)
    if (known && known.owner !== 'draft' && (known.declared || known.owner === 'screen'))
      throw problem('source-exists', {
        detail: known.declared
          ? `There is a source "${source.key}" already. Choose another key, or change that one.`
          : `There was a source "${source.key}", and what it said is still here. Bring that one back, or choose another key.`,
      })
    await confirmed(tx, given)
    const { reason } = given
    const version = await putSource(tx, source, { owner: 'screen', by: by.id, change: 'create', reason })
    return { key: source.key, version, action: 'source.created', before: null, after: given.declaration, reason }
  }

  const change = async (
    tx: Tx,
    by: By,
    key: string,
    given: Given & { version: number; reason: string | null },
  ): Promise<SourceWritten> => {
    const stored = await changeable(tx, key, given.version)
    const source = readOrThrow(given.declaration)
    if (source.key !== key)
      throw problem('source-invalid', {
        detail: `The key of a source never changes: what it has said is kept under "${key}".`,
        errors: [{ where: '/key', what: 'cannot be changed' }],
      })
    if (source.kind !== stored.kind)
      throw problem('source-invalid', {
        detail: `The kind of a source never changes. Declare another source of kind ${source.kind}.`,
        errors: [{ where: '/kind', what: 'cannot be changed' }],
      })
    await confirmed(tx, given)
    await guardsMayChange(tx, stored.written, given.declaration, by)
    const { reason } = given
    const version = await putSource(tx, source, { owner: 'screen', by: by.id, change: 'change', reason })
    return { key, version, action: 'source.changed', before: stored.written, after: given.declaration, reason }
  }

  const switchTo = async (
    tx: Tx,
    by: By,
    key: string,
    declared: boolean,
    { version, reason }: { version: number; reason: string | null },
  ): Promise<SourceWritten> => {
    const stored = await changeable(tx, key, version)
    const { written } = stored
    if (stored.declared === declared)
      throw problem('conflict', { detail: declared ? `${key} is read already.` : `${key} is retired already.` })
    if (declared) readOrThrow(written)
    const put = { by: by.id, reason, written, change: declared ? ('restore' as const) : ('retire' as const) }
    const now = await setDeclared(tx, key, declared, put)
    return {
      key,
      version: now,
      action: declared ? 'source.restored' : 'source.retired',
      before: written,
      after: written,
      reason,
    }
  }

  /** What a sources file, given as text, would do: nothing is written. Throws `source-invalid` with every mistake. */
  const readImport = async (tx: Tx, yaml: string) => {
    const declared = parseList(yaml)
    const errors: { where: string; what: string }[] = []
    const rows: {
      key: string
      outcome: 'create' | 'change' | 'same' | 'file-owned'
      declaration: Written
      stored: StoredSource | null
    }[] = []
    for (const [index, declaration] of declared.entries()) {
      const result = read(declaration)
      if ('mistakes' in result) {
        errors.push(...result.mistakes.map(({ path, what }) => ({ where: pointer(['sources', index, ...path]), what })))
        continue
      }
      const { key } = result.declaration
      if (rows.some(row => row.key === key))
        errors.push({ where: pointer(['sources', index, 'key']), what: `Two sources are called ${key}` })
      const stored = await storedSource(tx, key)
      const known = stored?.owner === 'draft' ? null : stored
      if (known && known.kind !== result.declaration.kind)
        errors.push({ where: pointer(['sources', index, 'kind']), what: `The kind of ${key} cannot be changed` })
      const outcome =
        known?.owner === 'file' && known.declared
          ? 'file-owned'
          : !known
            ? 'create'
            : known.declared && JSON.stringify(known.written) === JSON.stringify(declaration)
              ? 'same'
              : 'change'
      rows.push({ key, outcome, declaration, stored: known ?? null })
    }
    if (errors.length > 0)
      throw problem('source-invalid', {
        detail: `The text cannot be imported: ${errors.map(one => `${one.where}: ${one.what}`).join(' | ')}`,
        errors,
      })
    const hash = createHash('sha256')
      .update(JSON.stringify(rows.map(row => [row.key, row.outcome, row.declaration, row.stored?.version ?? 0])))
      .digest('hex')
    let confirmSecret = false
    for (const row of rows) confirmSecret ||= await needsConfirming(tx, row.declaration)
    return { rows, hash, confirmSecret }
  }
  type ImportRow = Awaited<ReturnType<typeof readImport>>['rows'][number]
  const shownImport = ({ key, outcome, declaration, stored }: ImportRow) => ({
    key,
    outcome,
    changes: outcome === 'file-owned' ? [] : declarationChanges(stored?.written ?? null, declaration),
  })

  return {
    create,
    change,
    retire: (tx: Tx, by: By, key: string, what: { version: number; reason: string | null }) =>
      switchTo(tx, by, key, false, what),
    restore: (tx: Tx, by: By, key: string, what: { version: number; reason: string | null }) =>
      switchTo(tx, by, key, true, what),

    /** Is this a declaration, and what would it change? Nothing is written. */
    async validate(tx: Tx, declared: Written) {
      const result = read(declared)
      const known = typeof declared.key === 'string' ? await storedSource(tx, declared.key) : null
      const ok = 'declaration' in result
      return {
        ok,
        mistakes: ok ? [] : mistakesOf(declared, result.mistakes),
        effective: ok ? effective(result.declaration) : null,
        secrets: ok ? secretsState(declared, result.declaration.folder) : [],
        confirmSecret: ok && (await needsConfirming(tx, declared)),
        // Not of what is no declaration: it may hold a password that somebody has typed in where it is refused.
        changes: ok ? declarationChanges(known?.owner === 'draft' ? null : (known?.written ?? null), declared) : [],
      }
    },

    /** A declaration to try before it is saved: valid, and its secret confirmed where it would go somewhere new. */
    async draft(tx: Tx, given: Given): Promise<SourceDeclaration> {
      const source = readOrThrow(given.declaration)
      await confirmed(tx, given)
      return source
    },

    /** How a stored source is understood today, with what is wrong with it. */
    understand(stored: StoredSource) {
      const result = understood(stored, deps)
      const ok = 'declaration' in result
      return {
        mistakes: ok || !stored.written ? [] : mistakesOf(stored.written, result.mistakes),
        effective: ok ? effective(result.declaration) : null,
        source: ok ? result.declaration : null,
        secrets: secretsState(stored.written, ok ? result.declaration.folder : folderOf(stored.kind, deps.screen)),
        feeds: ok ? (deps.readers.find(reader => reader.kind === stored.kind)?.kinds(result.declaration) ?? []) : [],
      }
    },

    async previewImport(tx: Tx, yaml: string) {
      const { rows, hash, confirmSecret } = await readImport(tx, yaml)
      return { rows: rows.map(shownImport), hash, confirmSecret }
    },

    /** All or nothing. What the sources file owns stays as it is, and the answer says so. */
    async import(tx: Tx, by: By, given: { yaml: string; hash: string; confirmSecret: boolean }) {
      await lockSources(tx)
      const { rows, hash, confirmSecret } = await readImport(tx, given.yaml)
      if (hash !== given.hash)
        throw problem('plan-stale', { detail: 'The sources have changed since you looked. Look again and confirm.' })
      if (confirmSecret && !given.confirmSecret) throw problem('secret-unconfirmed')
      const written: SourceWritten[] = []
      for (const { key, outcome, declaration, stored } of rows) {
        if (outcome !== 'create' && outcome !== 'change') continue
        if (stored?.written) await guardsMayChange(tx, stored.written, declaration, by)
        const put = { owner: 'screen', by: by.id, change: 'import', reason: null } as const
        const version = await putSource(tx, readOrThrow(declaration), put)
        const before = stored?.written ?? null
        written.push({ key, version, action: 'source.imported', before, after: declaration, reason: null })
      }
      return { rows: rows.map(shownImport), written }
    },

    /** Sources as the text of a sources file. Throws `not-found` for a key that is none. */
    async export(tx: Tx, key: string | null): Promise<string> {
      const stored = (await storedSources(tx)).filter(source => (key === null ? source.declared : source.key === key))
      if (key !== null && stored.length === 0) throw problem('not-found', { detail: `There is no source "${key}".` })
      return stringify({ sources: stored.flatMap(source => source.written ?? []) }, { lineWidth: 110 })
    },
  }
}
export type Sources = ReturnType<typeof createSources>

function parseList(yaml: string): Written[] {
  const { root, wrong } = parseText(yaml)
  const list = root && typeof root === 'object' && 'sources' in root ? root.sources : null
  if (!wrong && Array.isArray(list)) return list as Written[]
  const what = wrong ?? 'There must be a list `sources:`'
  throw problem('source-invalid', { detail: what, errors: [{ where: '', what }] })
}

/** The text comes from outside: one that refers to itself without end, or is nested too deep, is a mistake like others. */
function parseText(yaml: string): { root: unknown; wrong: string | null } {
  try {
    const document = parseDocument(yaml)
    const [error] = document.errors
    if (error) return { root: null, wrong: error.message.split('\n')[0]! }
    return { root: document.toJS({ maxAliasCount: 50 }), wrong: null }
  } catch (error) {
    return { root: null, wrong: `The text cannot be read as YAML: ${(error as Error).message}` }
  }
}
