import { z } from 'zod'
import { listFindings } from '#contract/findings.ts'
import { matrixQuery } from '#contract/matrix.ts'
import { listPeople } from '#contract/people.ts'
import type { Permission } from '#contract/permissions.ts'
import { listRules } from '#contract/rules.ts'
import { listAccounts, listSystems } from '#contract/systems.ts'
import type { digestFigure } from '#contract/views.ts'
import { findingsView } from '../../access/drift/findings-views.ts'
import { rulesView } from '../../access/rule-views.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { accountsView } from '../accounts-views.ts'
import { matrixView } from '../matrix/matrix-views.ts'
import { peopleView } from '../people-views.ts'
import { systemsView } from '../systems-views.ts'
import type { StoredView } from './view-store.ts'

export type Figure = Omit<z.output<typeof digestFigure>, 'before'>
type Search = StoredView['search']
type Reader = { tx: Tx; actor: Actor; search: Search; clock: Clock }

/** What stands in an address as `true` is `'true'` in a query. */
const asQuery = (search: Search) =>
  Object.fromEntries(
    Object.entries(search).map(([key, value]) => [key, typeof value === 'boolean' ? `${value}` : value]),
  )
const none = async () => new Map<string, string>()
const rows = (value: number): Figure[] => [{ code: 'rows', value }]
const first = { offset: 0, limit: 1 }

/** The screens whose views can be sent, with what a reader needs, and how many rows there are for them. */
const SCREENS: Record<string, { needs: Permission; read(reader: Reader): Promise<Figure[]> }> = {
  people: {
    needs: 'person.read',
    read: async ({ tx, actor, search, clock }) =>
      rows((await peopleView(tx, actor, listPeople.body.parse({ ...search, ...first }), clock.today())).total),
  },
  systems: {
    needs: 'system.read',
    read: async ({ tx, actor, search, clock }) =>
      rows(
        (await systemsView(tx, actor, listSystems.query.parse({ ...asQuery(search), ...first }), clock.today())).total,
      ),
  },
  accounts: {
    needs: 'account.read',
    read: async ({ tx, actor, search }) =>
      rows((await accountsView(tx, actor, listAccounts.body.parse({ ...search, ...first }))).total),
  },
  rules: {
    needs: 'rule.read',
    read: async ({ tx, actor, search, clock }) =>
      rows((await rulesView(tx, actor, listRules.query.parse({ ...asQuery(search), ...first }), clock.today())).total),
  },
  findings: {
    needs: 'finding.read',
    read: async ({ tx, actor, search }) => {
      const count = async (more: object) =>
        (await findingsView(tx, actor, listFindings.body.parse({ ...search, ...more, ...first }), none)).total
      return [
        { code: 'rows', value: await count({}) },
        ...(search.age === undefined ? [{ code: 'findings-new' as const, value: await count({ age: 'week' }) }] : []),
        ...(search.severity === undefined
          ? [{ code: 'findings-high' as const, value: await count({ severity: 'high' }) }]
          : []),
      ]
    },
  },
  rights: {
    needs: 'matrix.read',
    read: async ({ tx, actor, search, clock }) =>
      rows((await matrixView(tx, actor, matrixQuery.parse(search), clock)).total),
  },
}

/** Can views of this screen be sent to this reader? */
export const mayBeSent = (actor: Actor, screen: string): boolean => {
  const known = Object.hasOwn(SCREENS, screen) ? SCREENS[screen] : undefined
  return known !== undefined && can(actor, known.needs)
}

/**
 * The numbers of a view as the reader would see them now. Numbers only: a mail stays where nobody can delete it. A
 * filter that is understood no more (a view of an older version) gives null.
 */
export async function digestFigures(tx: Tx, actor: Actor, view: StoredView, clock: Clock): Promise<Figure[] | null> {
  if (!mayBeSent(actor, view.screen)) return null
  try {
    return await SCREENS[view.screen]!.read({ tx, actor, search: view.search, clock })
  } catch (error) {
    if (error instanceof z.ZodError) return null
    throw error
  }
}
