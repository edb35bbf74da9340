import { fieldText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { TextKey } from '../../texts/translate.ts'
import { at } from './declaration.ts'

const labels: Record<string, TextKey> = {
  key: 'sources.key',
  name: 'sources.nameDa',
  kind: 'sources.kind',
  flavour: 'sources.flavour',
  url: 'sources.servers',
  urls: 'sources.servers',
  caFile: 'sources.caFile',
  bindDn: 'sources.bindDn',
  password: 'sources.secretName',
  base: 'sources.base',
  searches: 'sources.base',
  filter: 'sources.filter',
  delimiter: 'sources.delimiter',
  encoding: 'sources.encoding',
  files: 'sources.files',
  file: 'sources.path',
  path: 'sources.path',
  pattern: 'sources.pattern',
  patterns: 'sources.pattern',
  drops: 'sources.whereFolder',
  folder: 'sources.folder',
  content: 'sources.content',
  record: 'sources.record',
  records: 'sources.ownMapping',
  match: 'sources.matchValue',
  map: 'sources.sections.mapping',
  correlation: 'sources.sections.correlation',
  realm: 'sources.realm',
  certain: 'sources.certain',
  candidate: 'sources.candidate',
  authority: 'sources.authority',
  schedule: 'sources.schedule',
  fullEvery: 'sources.fullEvery',
  guards: 'sources.tabs.guards',
  pageSize: 'sources.pageSize',
  timeoutSeconds: 'sources.timeout',
  expireDays: 'sources.expireDays',
  tree: 'sources.payroll.tree',
  leaveDate: 'sources.payroll.leaveDate',
  hourlyContracts: 'sources.payroll.hourly',
  drafts: 'sources.payroll.days',
  leaveOut: 'sources.payroll.leaveOut',
  protectedMarks: 'sources.payroll.marks',
}

const steps = (where: string) => where.split('/').slice(1)

/** The field that a JSON pointer into a declaration leads to, as the form calls it. */
export function usePlaceLabel(): (where: string) => string {
  const { t } = useTexts()
  return where => {
    const path = steps(where)
    const last = path.findLast(step => labels[step] !== undefined)
    const key = last === 'key' && path.length > 1 ? 'sources.keyColumn' : labels[last ?? '']
    const field = path.at(-2) === 'map' ? fieldText(t, path.at(-1) ?? '') : null
    const guard = path[0] === 'guards' && path[1] ? t(`sources.guard.${path[1] as 'gone'}`, { defaultValue: '' }) : null
    return [key ? t(key) : where || t('sources.documentTitle'), field ?? guard].filter(Boolean).join(', ')
  }
}

/** Nothing has been written there yet. */
export function isEmpty(declaration: unknown, where: string): boolean {
  const found = at(declaration, steps(where))
  return (
    found === undefined ||
    found === '' ||
    (typeof found === 'object' && found !== null && Object.keys(found).length === 0)
  )
}
