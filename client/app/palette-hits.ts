import {
  IconArrowRight,
  IconBolt,
  IconClipboardList,
  IconDatabase,
  IconHierarchy2,
  IconHistory,
  IconKey,
  IconPuzzle,
  IconQuestionMark,
  IconUser,
} from '@tabler/icons-react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchAll } from '#contract/home.ts'
import type { Permission } from '#contract/permissions.ts'
import { oneSlipApart, plain } from '../lib/one-slip.ts'
import type { Recent } from '../lib/recents.ts'
import type { Texts } from '../texts/i18n.ts'
import { further, navigationFor } from './nav.ts'

type Answer = ResponseOf<typeof searchAll>
type Place = { to: string; params?: Record<string, string>; search?: Record<string, string> }
export type Hit = {
  key: string
  group: string
  label: string
  note: string | null
  icon: typeof IconUser
  /** The label is somebody's name. */
  person?: true
} & ({ place: Place } | { act: () => void })

/** `@` asks for people only, `#` for systems, `>` for actions and pages; the rest of the text is what is asked for. */
export function askedOf(text: string): { only: 'people' | 'systems' | 'actions' | null; words: string } {
  const only = ({ '@': 'people', '#': 'systems', '>': 'actions' } as const)[text.trimStart()[0] ?? ''] ?? null
  return { only, words: (only ? text.trimStart().slice(1) : text).trim() }
}

/** What the server found, in the order in which it is shown. */
export function found(answer: Answer, t: Texts['t']): Hit[] {
  const nobody = t('people.protectedPerson')
  return [
    ...answer.why.map(({ person, entitlement }) => ({
      key: `why ${person.id} ${entitlement.id}`,
      group: t('palette.why'),
      label: `${person.name ?? nobody}: ${entitlement.system.name}`,
      note: entitlement.name,
      icon: IconQuestionMark,
      person: true as const,
      place: { to: '/people/$personId', params: { personId: person.id }, search: { right: entitlement.key } },
    })),
    ...answer.people.map(person => ({
      key: person.id,
      group: t('palette.people'),
      label: person.name ?? nobody,
      note: [person.title, person.unit].filter(Boolean).join(' · ') || null,
      icon: IconUser,
      person: true as const,
      place: { to: '/people/$personId', params: { personId: person.id } },
    })),
    ...answer.units.map(unit => ({
      key: unit.id,
      group: t('palette.units'),
      label: unit.name,
      note: unit.parent,
      icon: IconHierarchy2,
      place: { to: '/org/$unitId', params: { unitId: unit.id } },
    })),
    ...answer.systems.map(system => ({
      key: system.id,
      group: t('palette.systems'),
      label: system.name,
      note: null,
      icon: IconDatabase,
      place: { to: '/systems/$systemId', params: { systemId: system.id } },
    })),
    ...answer.entitlements.map(one => ({
      key: one.id,
      group: t('palette.entitlements'),
      label: one.name,
      note: one.system.name,
      icon: IconKey,
      place: {
        to: '/systems/$systemId/rights/$entitlementId',
        params: { systemId: one.system.id, entitlementId: one.id },
      },
    })),
    ...answer.rules.map(rule => ({
      key: `rule ${rule.key}`,
      group: t('palette.rules'),
      label: rule.name,
      note: null,
      icon: IconClipboardList,
      place: { to: '/rules/$key', params: { key: rule.key } },
    })),
    ...answer.roles.map(role => ({
      key: `role ${role.key}`,
      group: t('palette.roles'),
      label: role.name,
      note: null,
      icon: IconPuzzle,
      place: { to: '/roles/$key', params: { key: role.key } },
    })),
  ]
}

const holds = (label: string, wanted: string) =>
  plain(wanted)
    .split(/\s+/)
    .every(word => plain(label).includes(word))
/** The same with one slip in a word; for when nothing at all is spelt so. */
const nearly = (label: string, wanted: string) =>
  wanted.split(/\s+/).every(word => holds(label, word) || label.split(/[\s-]+/).some(one => oneSlipApart(word, one)))
export type Spelling = 'spelt' | 'slip'
const fits = (label: string, wanted: string, how: Spelling) => (how === 'spelt' ? holds : nearly)(label, wanted)

type May = (permission: Permission) => boolean

export function pages(wanted: string, may: May, t: Texts['t'], how: Spelling = 'spelt'): Hit[] {
  const all = [
    ...navigationFor(may).flatMap(group => group.items),
    // One step down: found by their names, and not in the list that stands there before one writes.
    ...further.filter(item => wanted !== '' && may(item.needs)).map(item => ({ ...item, icon: IconArrowRight })),
  ]
  return all
    .map(item => ({
      key: item.to,
      group: t('palette.pages'),
      label: t(`nav.${item.key}`),
      note: null,
      icon: item.icon,
      place: { to: item.to },
    }))
    .filter(hit => fits(hit.label, wanted, how))
}

/** Actions that lead somewhere, by what one must be allowed to. */
const LEADING = [
  { key: 'new-rule', needs: 'rule.change', to: '/rules/new' },
  { key: 'new-role', needs: 'rule.change', to: '/roles/new' },
  { key: 'new-draft', needs: 'what-if.change', to: '/drafts' },
  { key: 'import-rules', needs: 'rule.import', to: '/rules/import' },
  { key: 'user-list', needs: 'system.change', to: '/systems', search: { reading: 'list' } },
  { key: 'new-source', needs: 'source.change', to: '/sync/new-source' },
  { key: 'announce', needs: 'run.approve', to: '/sync/expected/new' },
  { key: 'help', needs: null, to: '/help' },
] as const satisfies readonly { key: string; needs: Permission | null; to: string; search?: Record<string, string> }[]

export type Act = 'to-danish' | 'to-english' | 'light' | 'dark' | 'auto'

export function actions(
  wanted: string,
  may: May,
  t: Texts['t'],
  here: Record<Act, (() => void) | null>,
  how: Spelling = 'spelt',
): Hit[] {
  const group = t('palette.actions')
  return [
    ...LEADING.filter(one => one.needs === null || may(one.needs)).map(one => ({
      key: one.key,
      group,
      label: t(`palette.action.${one.key}`),
      note: null,
      icon: IconBolt,
      place: 'search' in one ? { to: one.to, search: one.search } : { to: one.to },
    })),
    ...(Object.entries(here) as [Act, (() => void) | null][]).flatMap(([key, act]) =>
      act ? [{ key, group, label: t(`palette.action.${key}`), note: null, icon: IconBolt, act }] : [],
    ),
  ].filter(hit => fits(hit.label, wanted, how))
}

export const recent = (one: Recent, t: Texts['t']): Hit => ({
  key: `recent ${one.key}`,
  group: t('palette.recent'),
  label: one.label,
  note: one.note,
  icon: IconHistory,
  ...(one.person ? { person: true as const } : {}),
  place: { to: one.to, params: one.params, search: one.search },
})
