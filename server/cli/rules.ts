import { exportRules, importRules, previewRules, type RulesSummary } from '../access/rules-change-service.ts'
import { cliActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import type { House } from '../wiring.ts'
import { type Answer, EXIT } from './session.ts'

const when = ({ clock, localAdministrators }: House) => ({
  today: clock.today(),
  now: clock.now(),
  localAdministrators,
})

export async function rulesPreview(house: House, yaml: string): Promise<Answer> {
  const preview = await house.db.snapshot(tx => previewRules(tx, yaml, when(house)))
  return { json: countsOf(preview), text: textOf(preview), exit: preview.heldBack.length > 0 ? EXIT.held : EXIT.done }
}

export async function rulesImport(house: House, yaml: string): Promise<Answer> {
  const result = await house.db.transaction(async tx => {
    const imported = await importRules(tx, { yaml, hash: null, by: 'cli' }, when(house))
    await audit(tx).write({
      actor: cliActor('rules import'),
      action: imported.applied ? 'rules.imported' : 'rules.held',
      subjectKind: 'rules-change',
      subjectId: imported.planId,
      detail: countsOf(imported),
    })
    return imported
  })
  return {
    json: { ...countsOf(result), applied: result.applied, planId: result.planId },
    text: `${textOf(result)}\n${result.applied ? 'Imported.' : 'Held back: another person must approve it on the rules screen.'}`,
    exit: result.applied ? EXIT.done : EXIT.held,
  }
}

export async function rulesExport(house: House): Promise<Answer> {
  const yaml = await house.db.snapshot(tx => exportRules(tx))
  return { json: { yaml }, text: yaml, exit: EXIT.done }
}

function countsOf({ rules, roles, mappings, gains, losses, withheld, people, heldBack, hash }: RulesSummary) {
  return { rules, roles, mappings, gains, losses, withheld, people, heldBack, hash }
}

function textOf(preview: RulesSummary): string {
  const list = (name: string, one: RulesSummary['rules']) => `${name}: +${one.added} ~${one.changed} -${one.removed}`
  return [
    [list('rules', preview.rules), list('roles', preview.roles), list('mappings', preview.mappings)].join('   '),
    `rights: +${preview.gains} -${preview.losses}, ${preview.people} people`,
    ...(preview.withheld > 0 ? [`held back by strict systems, for want of a purpose: ${preview.withheld}`] : []),
    ...preview.heldBack.map(one => `would be held back by ${one.guard}: ${one.count} ${one.part}, limit ${one.limit}`),
  ].join('\n')
}
