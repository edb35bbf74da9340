import { paid, type RuleBookDraft } from './rule-writing.ts'

/** The roles of the tool itself are entitlements like all others. */
export function addToolRules({ rule }: RuleBookDraft): void {
  const owner = 'IT & Digitalisering'
  const purpose = 'Brugeradministration og rettighedsstyring'
  const tool = (key: string, name: string, conditions: Parameters<typeof rule>[0]['conditions']) =>
    rule({
      key: `hjemmel-${key}`,
      name: `Hjemmel: ${name}`,
      conditions,
      entitlements: [`hjemmel/${key}`],
      owner,
      purpose,
    })
  tool('employee', 'alle medarbejdere', paid)
  tool('hr', 'HR', { unit: { $under: 'u-11' }, position: { $in: ['hr-konsulent', 'enhedsleder'] } })
  tool('it', 'IT', {
    unit: { $under: 'u-13' },
    position: { $in: ['it-systemadministrator', 'it-arkitekt', 'enhedsleder'] },
    kind: 'employment',
  })
  tool('systemowner', 'systemejere', { functions: 'Systemejer' })
  tool('manager', 'ledere', { isManager: true })
  tool('deputy', 'stedfortrædere', { functions: 'Stedfortræder' })
  tool('dpo', 'databeskyttelsesrådgiver', { functions: 'DPO' })
  tool('auditor', 'revisor', { functions: 'Revisor', kind: 'external' })
}
