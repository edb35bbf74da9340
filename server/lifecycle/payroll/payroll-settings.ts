import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { say } from '#contract/said.ts'
import { dropSettings } from '../../feeds/drops/decide-drops.ts'
import { draftsWanted } from '../../feeds/sources/drafts-wanted.ts'
import { problem } from '../../platform/problem.ts'
import { stampIn } from './payroll-dates.ts'

/** Settings that the readers of payroll share. */
export const payrollDrops = dropSettings

/** A mark in the text of a name or an address that says that it is protected. */
export const protectedMarks = z
  .array(z.string().trim().min(4).max(60))
  .max(30)
  .default([
    'navne- og adressebeskyttelse',
    'navne- og adressebeskyttet',
    'adressebeskyttelse',
    'adressebeskyttet',
    'adresse beskyttet',
    'beskyttet adresse',
    'hemmelig adresse',
    'navnebeskyttelse',
    'navnebeskyttet',
    'adr.beskyttet',
    'adr. beskyttet',
    'adr.besk.',
    'adr. besk.',
    'adr.besk',
  ])
/** The longest first: what is taken out of a name is the whole mark. */
export const marksOf = (marks: readonly string[]): string[] => [...marks].sort((a, b) => b.length - a.length)

/** What comes from a payroll opens drafts unless that is switched off. */
export const draftSettings = draftsWanted.prefault({})

export type PayrollFile = {
  name: string
  path: string
  before: boolean
  /** From a watched folder, where the stamp in the name says which is newest. */
  stamped?: boolean
}

/** A stamp so far ahead is none: all true files after it would be older. */
const AHEAD_MS = 26 * 3_600_000

/** When payroll stated what the file says: by its name, else by its time. */
export async function stampOf(folder: string, file: PayrollFile): Promise<Date> {
  const stamp = stampIn(basename(file.name))
  if (stamp && stamp.getTime() <= Date.now() + AHEAD_MS) return stamp
  if (file.stamped || stamp)
    throw problem('source-invalid', {
      detail: `The file ${file.name} has no time in its name that can be right, so nobody knows whether it is the newest. Leave the name as payroll gives it.`,
      said: say('stamp-missing', { file: file.name }),
    })
  const info = await stat(resolve(folder, file.path)).catch(cause => {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw problem('source-unreachable', {
      detail: `The file ${file.path} cannot be read (${code}). Put it in ${folder}, or correct its path in the sources file.`,
      said: say('file-unreadable', { file: file.path, code }),
      cause,
    })
  })
  return info.mtime
}
