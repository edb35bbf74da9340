import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import express, { type Router } from 'express'

/**
 * The built client: files with a hash in their name for ever, the page itself never. The page gets the nonce of the
 * response, so a strict content policy needs no exception.
 */
export function clientFiles(folder: string, nonceOf: (response: express.Response) => string): Router {
  const router = express.Router()
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '365d', index: false, fallthrough: false }),
  )
  router.use(express.static(folder, { index: false, maxAge: 0, dotfiles: 'ignore' }))
  // Read anew when a new build has taken its place: the files that the old page names are gone with it.
  let page: { at: number; text: string } | null = null
  router.get(/^\/(?!api\/|assets\/).*/, (request, response, next) => {
    if (request.path.startsWith('/api')) return next()
    const file = join(folder, 'index.html')
    const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs
    if (at === undefined) return next()
    if (page?.at !== at) page = { at, text: readFileSync(file, 'utf8') }
    response.setHeader('cache-control', 'no-store')
    response.type('html').send(page.text.replaceAll('__CSP_NONCE__', nonceOf(response)))
  })
  return router
}
