import { randomBytes, randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

/** Every response has an id; a caller's own id is not taken over, since it would go into our log. */
export const requestId: RequestHandler = (_request, response, next) => {
  response.setHeader('x-request-id', randomUUID())
  next()
}

export const nonceOf = (response: Response): string => String(response.locals.nonce ?? '')

/** Headers of OWASP ASVS 5 V3.4: nothing inline runs or styles without the nonce of the response, nobody frames us. */
export function securityHeaders(options: { https: boolean; dev?: boolean }): RequestHandler[] {
  // The development server writes its own inline pieces; nothing else is ever let through inline without the nonce.
  const inline = (_request: unknown, response: unknown): string =>
    options.dev ? "'unsafe-inline'" : `'nonce-${nonceOf(response as Response)}'`
  return [
    (_request, response, next) => {
      response.locals.nonce = randomBytes(16).toString('base64')
      next()
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'", inline],
          styleSrc: ["'self'", inline],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          ...(options.https ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: true } : false,
      referrerPolicy: { policy: 'no-referrer' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
    }),
  ]
}
