import { getPackage, getPackagePart } from '#contract/packages.ts'
import { call } from '../../lib/call.ts'

/** Fetches a package part by part, whatever its size, and hands it to the browser as a download. */
export async function fetchPackage(packageId: string): Promise<void> {
  const { parts, fileName } = await call(getPackage, { params: { packageId } })
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for (let part = 0; part < (parts ?? 0); part++) {
    const { content } = await call(getPackagePart, { params: { packageId, part } })
    pieces.push(Uint8Array.from(atob(content), sign => sign.charCodeAt(0)))
  }
  const url = URL.createObjectURL(new Blob(pieces, { type: 'application/zip' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
