import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import { type LookedAt, markersOf } from './decide-drops.ts'

/** Where files stand while they are read, and afterwards; below the watched folder, so that moving is renaming. */
export const IN_HAND = '.i-gang'
export const ARCHIVE = 'arkiv'
export const SET_ASIDE = 'afvist'

/** The plain files in a folder. Polled, since shares of other machines tell nobody of changes. Links are left out. */
export async function lookAt(folder: string): Promise<LookedAt[]> {
  const names = await readdir(folder).catch(error => {
    throw unusable(folder, error)
  })
  const there = new Set(names)
  const files: LookedAt[] = []
  for (const name of names) {
    const info = await lstat(join(folder, name)).catch(() => null)
    if (!info?.isFile()) continue
    const marked = markersOf(name).some(marker => marker !== name && there.has(marker))
    files.push({ name, bytes: info.size, modifiedAt: Math.floor(info.mtimeMs), marked })
  }
  return files
}

/** False when the file is not there any more, or is held by whoever writes it. */
export async function moveFile(folder: string, from: string, to: string): Promise<boolean> {
  const target = join(folder, to)
  try {
    await mkdir(dirname(target), { recursive: true })
    await rename(join(folder, from), target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && !(await exists(folder, from))) return false
    if (code === 'EBUSY' || code === 'ETXTBSY') return false
    throw unusable(folder, error)
  }
  // The folder of one file in hand is of no use without it.
  if (from.startsWith(`${IN_HAND}/`)) await rmdir(join(folder, dirname(from))).catch(() => {})
  return true
}

export async function exists(folder: string, path: string): Promise<boolean> {
  return stat(join(folder, path)).then(
    info => info.isFile(),
    () => false,
  )
}

export async function removeMarkers(folder: string, name: string): Promise<void> {
  for (const marker of markersOf(name)) if (marker !== name) await rm(join(folder, marker), { force: true })
}

/** Delete a file with the reason beside it, and its folder when nothing else is in it. What is not there any more is no error. */
export async function removeFile(folder: string, path: string): Promise<void> {
  try {
    await rm(join(folder, path), { force: true })
    await rm(join(folder, `${path}.txt`), { force: true })
  } catch (error) {
    throw unusable(folder, error)
  }
  if (path.startsWith(`${ARCHIVE}/`)) await rmdir(join(folder, dirname(path))).catch(() => {})
}

/** SHA-256 of the content, hex. */
export async function hashOf(folder: string, path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(join(folder, path))) hash.update(chunk)
  } catch (error) {
    throw unusable(folder, error)
  }
  return hash.digest('hex')
}

/** Throws where files cannot be moved within the folder. */
export async function tryWriting(folder: string): Promise<void> {
  const trial = join(folder, IN_HAND, 'trial')
  try {
    await stat(folder)
    await mkdir(trial, { recursive: true })
    await rmdir(trial)
    await rmdir(dirname(trial)).catch(() => {})
  } catch (error) {
    throw unusable(folder, error)
  }
}

/** The reason beside a file that was set aside. A full disk must not keep the file itself from being set aside. */
export async function writeReason(folder: string, path: string, text: string): Promise<void> {
  const target = join(folder, `${path}.txt`)
  try {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text.replaceAll('\n', '\r\n'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw unusable(folder, error)
  }
}

const WHY: Record<string, string> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is no folder, or one that is made in it is none',
  EEXIST: 'has a file where a folder is to be made',
  EACCES: 'may not be read or written by this program',
  EPERM: 'may not be changed by this program',
  EROFS: 'is read-only',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk where our share is used up',
  EIO: 'cannot be read; the disk or the share fails',
  ESTALE: 'is on a share that has been lost',
  EXDEV: 'is spread over several disks; arkiv and afvist must stand on the same one',
}

const SAYS = {
  ENOENT: 'folder-missing',
  ENOTDIR: 'folder-no-folder',
  EEXIST: 'folder-no-folder',
  EACCES: 'folder-forbidden',
  EPERM: 'folder-forbidden',
  EROFS: 'folder-forbidden',
  ENOSPC: 'folder-full',
  EDQUOT: 'folder-full',
  EXDEV: 'folder-several-disks',
} as const

/** A folder that cannot be worked in, in one sentence that leads on. */
function unusable(folder: string, error: unknown) {
  const { code = 'unknown' } = error as NodeJS.ErrnoException
  const why = WHY[code] ?? 'cannot be used'
  return problem('source-unreachable', {
    detail: `The folder ${folder} ${why} (${code}). It must exist, and this program must be allowed to read it and to move files in it.`,
    said: say(SAYS[code as keyof typeof SAYS] ?? 'folder-unusable', { folder, code }),
    params: { folder, code },
    cause: error,
  })
}
