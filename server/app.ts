import { createHash, timingSafeEqual } from 'node:crypto'
import express, { type Express, type RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import swaggerUi from 'swagger-ui-dist'
import { accountRuleRoutes } from './access/account-rule-routes.ts'
import { findingRoutes } from './access/drift/findings-routes.ts'
import { entitlementRoutes } from './access/entitlements/entitlement-routes.ts'
import { grantRoutes } from './access/grants/grant-routes.ts'
import { linkRoutes } from './access/link-routes.ts'
import { lockRoutes } from './access/locks/lock-routes.ts'
import { mappingRoutes } from './access/mappings/mapping-routes.ts'
import { mergeRoutes } from './access/merge-routes.ts'
import { miningRoutes } from './access/mining/mining-routes.ts'
import { personRoutes } from './access/person-routes.ts'
import { policyRoutes } from './access/policies/policy-routes.ts'
import { planEnding, restingOn } from './access/purpose-plans/on-ending.ts'
import { purposePlanRoutes } from './access/purpose-plans/plan-routes.ts'
import { agreementEnded } from './access/purpose-plans/plan-service.ts'
import { syncChanged } from './access/purposes/purpose-findings.ts'
import { purposeRoutes } from './access/purposes/purpose-routes.ts'
import { reachRoutes } from './access/reach/reach-routes.ts'
import { rectificationRoutes } from './access/rectifications/rectification-routes.ts'
import { ruleDeskRoutes } from './access/rule-desk/rule-desk-routes.ts'
import { rulesRoutes } from './access/rules-routes.ts'
import { strictRoutes } from './access/strict/strict-routes.ts'
import { giveWhatHasPurpose } from './access/strict/strict-service.ts'
import { whatIfRoutes } from './access/what-if/what-if-routes.ts'
import { dropRoutes } from './feeds/drops/drop-routes.ts'
import { feedRoutes } from './feeds/feeds-routes.ts'
import { guardRoutes } from './feeds/guards/guard-routes.ts'
import { sourceRoutes } from './feeds/sources/sources-routes.ts'
import { complianceRoutes } from './gdpr/compliance-routes.ts'
import { interopRoutes } from './interop/interop-routes.ts'
import { boardRoutes } from './lifecycle/board/board-routes.ts'
import { caseRoutes } from './lifecycle/cases/case-routes.ts'
import { doorRoutes } from './lifecycle/cases/door-routes.ts'
import { eventRoutes } from './lifecycle/events/event-routes.ts'
import { hrSettingsRoutes } from './lifecycle/events/hr-settings-routes.ts'
import { leadTimesRoutes } from './lifecycle/lead-times/lead-times-routes.ts'
import { matchingRoutes } from './lifecycle/matching/matching-routes.ts'
import { proofRoutes } from './lifecycle/proof/proof-routes.ts'
import { mailRoutes } from './mails/mail-routes.ts'
import { cutoverRoutes } from './orders/cutover-routes.ts'
import { deliveryRoutes } from './orders/delivery-routes.ts'
import { equipmentRoutes } from './orders/equipment-routes.ts'
import { orderRoutes } from './orders/order-routes.ts'
import { countOrders } from './orders/orders-ahead-store.ts'
import { removalOrders } from './orders/removal-orders.ts'
import { taskRoutes } from './orders/task-routes.ts'
import { catalogueRoutes } from './overview/catalogue/catalogue-routes.ts'
import { transferRoutes } from './overview/catalogue/transfer-routes.ts'
import { matrixRoutes } from './overview/matrix/matrix-routes.ts'
import {
  accountRoutes,
  auditRoutes,
  homeRoutes,
  peopleRoutes,
  systemRoutes,
  unitRoutes,
} from './overview/overview-routes.ts'
import { ownDataRoutes } from './overview/own-data/own-data-routes.ts'
import { packageRoutes } from './overview/packages/package-routes.ts'
import { pagesRoutes } from './overview/pages/pages-routes.ts'
import { userNames } from './overview/user-names-view.ts'
import { subscriptionRoutes } from './overview/views/subscription-routes.ts'
import { viewRoutes } from './overview/views/view-routes.ts'
import { clientDir } from './platform/client-build.ts'
import { clientFiles } from './platform/http/client-files.ts'
import { errorHandler } from './platform/http/errors.ts'
import { createRoutes, type Routes } from './platform/http/handle.ts'
import { createMetrics } from './platform/http/metrics.ts'
import { openApiDocument } from './platform/http/openapi.ts'
import { nonceOf, requestId, securityHeaders } from './platform/http/security.ts'
import { problem } from './platform/problem.ts'
import type { Tx } from './platform/unit-of-work.ts'
import type { Actor } from './policy/actor.ts'
import { gate } from './policy/policy.ts'
import { activityRoutes } from './register/activities/activity-routes.ts'
import { activityCatalogueRoutes } from './register/catalogue/activity-catalogue-routes.ts'
import { documentRoutes } from './register/documents/document-routes.ts'
import { kleRoutes } from './register/kle/kle-routes.ts'
import { syncDated } from './register/records/dated-findings.ts'
import { recordRoutes } from './register/records/record-routes.ts'
import { vocabularyRoutes } from './register/vocabulary/vocabulary-routes.ts'
import { userListRoutes } from './systems/user-lists/user-list-routes.ts'
import { AFTER_DECIDED, decideAgain, type House, localAdministrators, ON_LOCK } from './wiring.ts'

/** The order of the middleware, the routers, and the one error handler. */
export function createApp(house: House, client: RequestHandler | null = null): Express {
  const { db, log, config } = house
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config.HJEMMEL_TRUST_PROXY)
  app.use(requestId)
  const metrics = createMetrics(() => db)
  probes(app, house, metrics.registry)
  app.use(metrics.middleware, accessLog(house))
  app.use(...securityHeaders({ https: config.HJEMMEL_PUBLIC_URL?.startsWith('https:') ?? false, dev: client !== null }))
  // Guessing passwords, codes and links is slow from the outside too; the lockout itself is in the database. Only what
  // fails is counted: a town hall that signs in at eight o'clock does it from one address.
  app.use(
    ['/api/session', '/api/links'],
    rateLimit({
      windowMs: 60_000,
      limit: 60,
      skip: request => request.method === 'GET',
      skipSuccessfulRequests: true,
      handler: tooMany,
    }),
  )
  app.use('/api', (_request, _response, next) => (house.outdated ? next(problem('program-outdated')) : next()))
  app.use('/api', ...house.auth.identify, limitOf(house), house.auth.guard)
  app.use('/api/rules', express.json({ limit: '6mb', type: 'application/json' }))
  app.use('/api/hr/events', express.json({ limit: '2mb', type: CLOUD_EVENTS }))
  // A record may have two thousand rows.
  app.use('/api/activities', requireJson, express.json({ limit: '1mb', type: 'application/json' }))
  app.use('/api', requireJson, express.json({ limit: '256kb', type: 'application/json' }))
  const router = express.Router()
  const routes = createRoutes<Actor>({
    ...{ router, db, actorOf: house.auth.actorOf, gate },
    asker: actor => actor.userId,
  })
  addRoutes(routes, house)
  const document = openApiDocument(routes.endpoints, '0.1.0')
  router.get('/openapi.json', (_request, response) => void response.json(document))
  router.use('/docs', apiDocs())
  router.use((_request, _response, next) => next(problem('not-found')))
  app.use('/api', router)
  app.use(client ?? clientFiles(clientDir, nonceOf))
  app.use((_request, _response, next) => next(problem('not-found')))
  app.use(errorHandler(log))
  return app
}

/** All endpoints of the house; the route × role test reads this list. */
export function addRoutes(routes: Routes<Actor>, house: House): void {
  house.auth.addRoutes(routes)
  personRoutes(routes, house)
  lockRoutes(routes, { ...house, locks: { onLock: ON_LOCK, after: AFTER_DECIDED, localAdministrators } })
  grantRoutes(routes, { ...house, afterDecided: AFTER_DECIDED })
  policyRoutes(routes, { ...house, afterDecided: AFTER_DECIDED })
  eventRoutes(routes, { ...house, userNames })
  hrSettingsRoutes(routes, house)
  matchingRoutes(routes, { ...house, userNames, localAdministrators, decide: decideAgain, after: AFTER_DECIDED })
  doorRoutes(routes, { ...house, localAdministrators, afterDecided: AFTER_DECIDED })
  caseRoutes(routes, { ...house, userNames, localAdministrators, afterDecided: AFTER_DECIDED })
  boardRoutes(routes, house)
  proofRoutes(routes, house)
  leadTimesRoutes(routes, house)
  ruleDeskRoutes(routes, { ...house, userNames, afterDecided: AFTER_DECIDED, countOrders })
  mappingRoutes(routes, { ...house, userNames, afterDecided: AFTER_DECIDED })
  const strict = { after: AFTER_DECIDED, localAdministrators }
  // What strict mode held back is given in the moment in which somebody says what it is for.
  const giveNow = async (tx: Tx, today: string) => {
    await giveWhatHasPurpose(tx, { today, now: house.clock.now() }, strict)
  }
  purposeRoutes(routes, { ...house, userNames, after: [giveNow] })
  reachRoutes(routes, house)
  rectificationRoutes(routes, house)
  entitlementRoutes(routes, { ...house, userNames, afterDecided: AFTER_DECIDED })
  rulesRoutes(routes, { ...house, userNames, afterDecided: AFTER_DECIDED, countOrders })
  whatIfRoutes(routes, { ...house, userNames, localAdministrators, afterDecided: AFTER_DECIDED })
  miningRoutes(routes, { ...house, userNames, localAdministrators })
  feedRoutes(routes, { ...house, userNames })
  linkRoutes(routes, { ...house, userNames, afterDecided: AFTER_DECIDED })
  mergeRoutes(routes, { ...house, userNames, afterDecided: AFTER_DECIDED, countOrders })
  accountRuleRoutes(routes, { ...house, userNames, afterDecided: AFTER_DECIDED })
  findingRoutes(routes, { ...house, userNames, afterDecided: AFTER_DECIDED, removalOrders })
  dropRoutes(routes, house)
  guardRoutes(routes, { ...house, userNames })
  userListRoutes(routes, house)
  sourceRoutes(routes, { ...house, secretNames: house.config.secretNames, userNames })
  activityRoutes(routes, { ...house, after: [giveNow, syncChanged], resting: restingOn, ending: planEnding })
  purposePlanRoutes(routes, { ...house, after: [giveNow, syncChanged] })
  recordRoutes(routes, { ...house, after: [syncDated], onEnded: [agreementEnded] })
  strictRoutes(routes, { ...house, hooks: strict })
  orderRoutes(routes, { ...house, userNames })
  taskRoutes(routes, house)
  cutoverRoutes(routes, house)
  equipmentRoutes(routes, house)
  deliveryRoutes(routes, house)
  mailRoutes(routes, house)
  peopleRoutes(routes, house)
  unitRoutes(routes, house)
  systemRoutes(routes, house)
  catalogueRoutes(routes, house)
  transferRoutes(routes, house)
  interopRoutes(routes, house)
  accountRoutes(routes, house)
  homeRoutes(routes, house)
  auditRoutes(routes, house)
  matrixRoutes(routes, house)
  pagesRoutes(routes, house)
  vocabularyRoutes(routes, house)
  activityCatalogueRoutes(routes, house)
  kleRoutes(routes, house)
  complianceRoutes(routes, { ...house, userNames })
  documentRoutes(routes, house)
  packageRoutes(routes, house)
  ownDataRoutes(routes, house)
  viewRoutes(routes, { ...house, userNames })
  subscriptionRoutes(routes, house)
}

function probes(app: Express, house: House, registry: { contentType: string; metrics(): Promise<string> }): void {
  app.get('/healthz', (_request, response) => void response.type('text').send('ok\n'))
  app.get('/readyz', async (_request, response) => {
    const answers = await house.db.source.query('select 1').then(
      () => true,
      () => false,
    )
    const ok = house.ready && answers
    response
      .status(ok ? 200 : 503)
      .type('text')
      .send(
        ok
          ? 'ready\n'
          : house.outdated
            ? 'a newer version has taken over\n'
            : answers
              ? 'setting up\n'
              : 'the database does not answer\n',
      )
  })
  // Figures of the house are for its own scraper: the machine itself, or who has the token.
  const token = house.config.HJEMMEL_METRICS_TOKEN
  app.get('/metrics', async (request, response, next) => {
    // Behind a proxy that nobody has declared, every caller has its address.
    const hidden = house.config.HJEMMEL_TRUST_PROXY === 0 && request.get('x-forwarded-for') !== undefined
    const local = isLoopback(request.ip) && !hidden
    const own = token === undefined ? local : sameText(request.get('authorization'), `Bearer ${token}`)
    if (!own) return next(problem('not-found'))
    response.type(registry.contentType).send(await registry.metrics())
  })
}

const isLoopback = (address = '') => /^(::ffff:)?127\.|^::1$/.test(address)

/** Compares in a time that does not tell how much of it was right. */
function sameText(given: string | undefined, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return given !== undefined && timingSafeEqual(hash(given), hash(expected))
}

/** One line a request, with ids only: the route's pattern instead of the address. */
function accessLog({ log }: House): express.RequestHandler {
  return (request, response, next) => {
    const from = process.hrtime.bigint()
    response.on('finish', () => {
      if (!request.originalUrl.startsWith('/api')) return
      log.info(
        {
          requestId: response.getHeader('x-request-id'),
          userId: request.signedIn?.user.base.userId,
          method: request.method,
          route: request.route?.path ?? 'none',
          status: response.statusCode,
          ms: Math.round(Number(process.hrtime.bigint() - from) / 1e6),
        },
        'request',
      )
    })
    next()
  }
}

/** By user, since a town hall shares one address; by address where nobody is signed in. */
const limitOf = ({ auth, config }: House): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: config.HJEMMEL_REQUESTS_PER_MINUTE,
    keyGenerator: request => auth.actorOf(request)?.userId ?? ipKeyGenerator(request.ip ?? ''),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: tooMany,
  })

const tooMany: express.RequestHandler = (_request, _response, next) => next(problem('too-many-requests'))

/** CloudEvents 1.0, structured: one, or a batch. */
const CLOUD_EVENTS = ['application/cloudevents+json', 'application/cloudevents-batch+json']

/** Files that come as they are. No form of another site can send that kind, either. */
const SENT_AS_THEY_ARE =
  /^\/(systems\/[^/]+\/user-list\/uploads|catalogue\/imports|register\/imports|kle\/uploads|records\/imports(\/preview)?|tasks\/[^/]+\/evidence)$/

/** A form of another site can send everything but JSON: whatever changes something must be JSON. */
const requireJson: express.RequestHandler = (request, _response, next) => {
  const hasBody =
    Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined
  const file = SENT_AS_THEY_ARE.test(request.path) && request.is('application/octet-stream')
  // Programs only, who come with a token: a session is refused by the permission.
  const events = request.path === '/hr/events' && request.program !== undefined && request.is(CLOUD_EVENTS)
  if (hasBody && !file && !events && !request.is('application/json')) return next(problem('unsupported-media-type'))
  next()
}

/** The browsable page of the API: Swagger's own files with a page of ours, since theirs has inline script. */
function apiDocs(): express.Router {
  const router = express.Router()
  router.get('/', (request, response, next) => {
    if (!request.originalUrl.replace(/\?.*/, '').endsWith('/')) return response.redirect('docs/')
    response.type('html').send(DOCS_PAGE)
    void next
  })
  router.get('/start.js', (_request, response) => void response.type('js').send(DOCS_SCRIPT))
  // The two files that the page names, and not what else the package brings.
  const files = swaggerUi.getAbsoluteFSPath()
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    router.get(`/${name}`, (_request, response) => response.sendFile(name, { root: files }))
  return router
}

const DOCS_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Hjemmel API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="swagger-ui-bundle.js"></script><script src="start.js"></script></body></html>`
const DOCS_SCRIPT = `window.ui = SwaggerUIBundle({ url: '../openapi.json', dom_id: '#swagger-ui', supportedSubmitMethods: ['get'] })`
