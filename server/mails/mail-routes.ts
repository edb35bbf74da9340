import { listMails, listOwnMails, sendMailAgain, setMailLanguage } from '#contract/mails.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import { setLanguage, tryAgain } from './mail-store.ts'
import { mailsView, ownMailsView } from './mail-views.ts'

type Parts = { clock: Clock; config: Config; publicUrl: string }

/** What was told: to oneself, and for IT to everybody. */
export function mailRoutes(routes: Routes<Actor>, { clock, config, publicUrl }: Parts): void {
  const served = {
    server: config.HJEMMEL_SMTP_URL !== undefined && config.HJEMMEL_MAIL_FROM !== undefined,
    publicUrl,
  }
  routes.add(listOwnMails, ({ tx, actor, query }) => ownMailsView(tx, actor, query, served))
  routes.add(listMails, ({ tx, actor, query }) => mailsView(tx, actor, query, served))
  routes.add(setMailLanguage, async ({ tx, actor, body, requestId }) => {
    if (actor.personId === null) throw problem('not-found')
    await setLanguage(tx, actor.personId, body.language)
    await audit(tx).write({
      actor: auditActor(actor),
      action: 'mail.language-set',
      subjectKind: 'person',
      subjectId: actor.personId,
      personId: actor.personId,
      after: { language: body.language },
      requestId,
    })
    return { language: body.language }
  })
  routes.add(sendMailAgain, async ({ tx, actor, params, requestId }) => {
    const done = await tryAgain(tx, params.mailId, clock.now())
    if (done === 'unknown') throw problem('not-found')
    if (done === 'not-now' || !served.server) throw problem('conflict')
    await audit(tx).write({
      actor: auditActor(actor),
      action: 'mail.sent-again',
      subjectKind: 'mail',
      subjectId: params.mailId,
      requestId,
    })
    return {}
  })
}
