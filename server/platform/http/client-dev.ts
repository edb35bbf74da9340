import type { Server } from 'node:http'
import { join } from 'node:path'
import type { RequestHandler } from 'express'
import { checkoutDir } from '../data-dir.ts'

/**
 * For `npm run dev`: the client straight from its sources with reload, on the server's own port, so that cookies and
 * paths are those of the real thing. Returns the handler and how to close it.
 */
export async function clientDev(server: Server): Promise<{ handler: RequestHandler; close(): Promise<void> }> {
  const { createServer } = await import('vite')
  const vite = await createServer({
    configFile: join(checkoutDir, 'vite.config.ts'),
    appType: 'spa',
    server: { middlewareMode: true, hmr: { server } },
  })
  return { handler: (request, response, next) => vite.middlewares(request, response, next), close: () => vite.close() }
}
