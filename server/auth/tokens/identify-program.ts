import type { Request, RequestHandler } from 'express'
import type { Clock } from '../../platform/clock.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { bearerOf, hashToken } from './token.ts'
import { tokenStore } from './token-store.ts'

declare global {
  namespace Express {
    interface Request {
      /** The program whose token came with the request; a session beside it does not count. */
      program?: Actor
    }
  }
}

/**
 * Who comes with a token. A token that is wrong, run out or revoked is a refusal, never an anonymous request: a program
 * must learn that it has to get another one. What a browser sends by itself (a cookie) plays no part in it, so another
 * site cannot make a browser do anything with it.
 */
export function identifyProgram({ db, clock }: { db: Db; clock: Clock }): RequestHandler {
  return (request, _response, next) => {
    const token = bearerOf(request.get('authorization'))
    if (token === null) return next()
    if (token === 'invalid') return next(refused)
    tokenStore({ query: (sql, params) => db.source.query(sql, params) })
      .use(hashToken(token), clock.now())
      .then(found => {
        if (!found) return next(refused)
        request.program = {
          userId: found.id,
          personId: null,
          displayName: found.name,
          kind: 'outsider',
          roles: [],
          units: [],
          actingFor: [],
          schools: [],
          systems: [],
          via: 'token',
          program: { tokenId: found.id, rights: found.rights, feed: found.feed },
          secondFactor: false,
          until: null,
        }
        next()
      }, next)
  }
}

const refused = problem('not-signed-in', {
  detail: 'The token is not known, has run out or was revoked. Ask the IT department for another one.',
})

export const programOf = (request: Request): Actor | null => request.program ?? null
