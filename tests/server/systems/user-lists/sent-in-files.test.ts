import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { MOST_UPLOAD_BYTES } from '../../../../server/contract/user-lists.ts'
import { ensureFolder, keepUpload } from '../../../../server/systems/user-lists/user-list-files.ts'

/* Where files that are sent in are put, and what is said where they cannot be. */
const root = mkdtempSync(join(tmpdir(), 'hjemmel-sent-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('without a folder, or with one that leads elsewhere, it is said which setting it is about', async () => {
  await expect(ensureFolder(null, 'nova')).rejects.toMatchObject({
    problem: 'source-invalid',
    info: { said: { code: 'drops-unset', params: { setting: 'HJEMMEL_DROPS_DIR' } } },
  })
  mkdirSync(join(root, 'drops'))
  mkdirSync(join(root, 'elsewhere'))
  symlinkSync(join(root, 'elsewhere'), join(root, 'drops/nova'))
  await expect(ensureFolder(join(root, 'drops'), 'nova')).rejects.toMatchObject({
    problem: 'source-invalid',
    info: { said: { code: 'drops-lead-outside', params: { folder: 'nova', setting: 'HJEMMEL_DROPS_DIR' } } },
  })
  expect(await ensureFolder(join(root, 'drops'), 'fund')).toBe(join(root, 'drops/fund'))
})

test('a file that is too large leaves nothing, and it is said where it can be put instead', async () => {
  const chunk = Buffer.alloc(16 * 1024 * 1024, 'x')
  const from = Readable.from(Array.from({ length: Math.ceil(MOST_UPLOAD_BYTES / chunk.length) + 1 }, () => chunk))
  mkdirSync(join(root, 'large'))
  await expect(keepUpload(from, join(root, 'large/one'))).rejects.toMatchObject({
    problem: 'payload-too-large',
    info: { said: { code: 'upload-too-large', params: { limit: MOST_UPLOAD_BYTES / 1024 / 1024 } } },
  })
  expect(readdirSync(join(root, 'large'))).toEqual([])
  expect(await keepUpload(Readable.from([Buffer.from('Bruger;Rolle')]), join(root, 'large/two'))).toBe(12)
})
