import type { RequestHandler } from 'express'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Db } from '../unit-of-work.ts'

export type Metrics = {
  registry: Registry
  /** Counts and times requests by route pattern: never by address, which would hold ids. */
  middleware: RequestHandler
}

export function createMetrics(db: () => Db | null): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'hjemmel_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const failed = new Counter({
    name: 'hjemmel_scrape_failures_total',
    help: 'Scrapes for which the database did not answer',
    registers: [registry],
  })
  const gauges: [string, string, string][] = [
    ['hjemmel_people', 'People whose state is known', 'select count(*) as n from person_current'],
    ['hjemmel_assignments', 'Rights that should be held', 'select count(*) as n from assignment'],
    ['hjemmel_observed_rights', 'Rights that are seen to be held', 'select count(*) as n from observed_right'],
    [
      'hjemmel_accounts_unlinked',
      'Accounts that belong to nobody known',
      "select count(*) as n from account where situation not in ('linked', 'gone')",
    ],
    ['hjemmel_runs_held', 'Runs that wait for a person', "select count(*) as n from feed_run where state = 'held'"],
  ]
  for (const [name, help, sql] of gauges)
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        try {
          const [row] = (await db()?.source.query(sql)) ?? []
          if (row) this.set(Number(row.n))
        } catch {
          failed.inc()
        }
      },
    })
  return {
    registry,
    middleware: (request, response, next) => {
      const stop = requests.startTimer()
      response.on('finish', () => {
        stop({
          method: request.method,
          route: request.route?.path ? String(request.route.path) : 'other',
          status: response.statusCode,
        })
      })
      next()
    },
  }
}
