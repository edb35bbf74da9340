import type { freshness as da } from '../da/freshness.ts'
import type { Same } from '../same.ts'

export const freshness: Same<typeof da> = {
  freshness: {
    state: { fresh: 'Fresh', delayed: 'Delayed', failing: 'Failing', never: 'Never read' },
    from: 'Data from {{name}}: {{when}}',
    never: 'Data from {{name}}: never read',
  },
}
