import { createWriteStream } from 'node:fs'
import { mkdir, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { say } from '#contract/said.ts'
import { MOST_UPLOAD_BYTES } from '#contract/user-lists.ts'
import { problem } from '../../platform/problem.ts'

/** Below a system's folder, where files that were sent in wait for somebody to let them in. Hidden, so never taken. */
const SENT_IN = '.modtaget'
const SETTING = 'HJEMMEL_DROPS_DIR'
const MOST_MB = MOST_UPLOAD_BYTES / 1024 / 1024

export const uploadPlace = (folder: string, id: string): string => join(folder, SENT_IN, id)

/**
 * The folder is made where it is missing; a link that leads out of the drop folder is not followed. Throws
 * `source-invalid` where no folder is set, or it is such a link.
 */
export async function ensureFolder(dropsDir: string | null, name: string): Promise<string> {
  if (dropsDir === null)
    throw problem('source-invalid', {
      detail: `No folder is set for files that are sent in. Set ${SETTING}.`,
      said: say('drops-unset', { setting: SETTING }),
      params: { setting: SETTING },
    })
  const folder = join(dropsDir, name)
  await mkdir(join(folder, SENT_IN), { recursive: true })
  const home = await realpath(dropsDir)
  if (!(await realpath(join(folder, SENT_IN))).startsWith(home + sep))
    throw problem('source-invalid', {
      detail: `The folder ${name} leads out of the drop folder. Put the folder itself there.`,
      said: say('drops-lead-outside', { folder: name, setting: SETTING }),
    })
  return folder
}

/** Writes what is sent in to disk as it comes. Answers its bytes; throws `payload-too-large` and leaves nothing. */
export async function keepUpload(from: Readable, place: string): Promise<number> {
  const to = createWriteStream(place, { flags: 'wx', mode: 0o600 })
  let bytes = 0
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MOST_UPLOAD_BYTES)
        throw problem('payload-too-large', {
          detail: `The file is larger than ${MOST_MB} MB. Put it into the folder of the list instead.`,
          said: say('upload-too-large', { limit: MOST_MB }),
        })
      if (!to.write(chunk)) await new Promise<void>(resolve => to.once('drain', () => resolve()))
    }
    await new Promise<void>((resolve, reject) => {
      to.once('error', reject)
      to.end(resolve)
    })
    return bytes
  } catch (error) {
    to.destroy()
    await rm(place, { force: true })
    throw error
  }
}

/** Puts a file that was sent in into the folder, marked as whole, so that it is taken at the next look. */
export async function dropUpload(folder: string, id: string, name: string, at: Date): Promise<void> {
  const place = uploadPlace(folder, id)
  await utimes(place, at, at)
  await writeFile(join(folder, `${name}.done`), '')
  await rename(place, join(folder, name))
}

export async function removeUploaded(folder: string, id: string): Promise<void> {
  await rm(uploadPlace(folder, id), { force: true })
}

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    info => info.isFile(),
    () => false,
  )
