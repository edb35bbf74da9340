import { existsSync, readFileSync } from 'node:fs'
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
  let page: string | null = null
  router.get(/^\/(?!api\/|assets\/).*/, (request, response, next) => {
    if (request.path.startsWith('/api')) return next()
    const file = join(folder, 'index.html')
    if (page === null) {
      if (!existsSync(file)) return next()
      page = readFileSync(file, 'utf8')
    }
    response.setHeader('cache-control', 'no-store')
    response.type('html').send(page.replaceAll('__CSP_NONCE__', nonceOf(response)))
  })
  return router
}
