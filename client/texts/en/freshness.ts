import type { freshness as da } from '../da/freshness.ts'
import type { Same } from '../same.ts'

export const freshness: Same<typeof da> = {
  freshness: {
    state: { fresh: 'Fresh', delayed: 'Delayed', failing: 'Failing', never: 'Never read' },
    from: 'Data from {{name}}: {{when}}',
    staleThen: 'Too old to conclude from on that day:',
    staleThenOne: '{{name}}, read {{when}}',
    others_one: 'and {{count}} other source, which is fresh',
    others_other: 'and {{count}} other sources, which are fresh',
    never: 'Data from {{name}}: never read',
  },
}
