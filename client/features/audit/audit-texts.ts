import type { daAudit } from '../../texts/da-audit.ts'
import { useTexts } from '../../texts/i18n.ts'

type Known = keyof typeof daAudit.audit.actionName

/** An action in words; one that has no text yet is shown by its code, which an auditor can still search for. */
export function useActionText(): (action: string) => string {
  const { all } = useTexts()
  return action => all.audit.actionName[action as Known] ?? action
}

const isId = (text: string) => /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(text)
type Subject = { subjectKind: string; subjectId: string | null; actor: { userId: string; name: string } | null }

/** What an event is about, where it is not a person: never an id that says nothing to a reader. */
export function useSubjectText(): (entry: Subject, names?: ReadonlyMap<string, string>) => string {
  const { all } = useTexts()
  const kinds: Record<string, string> = all.audit.subjectKind
  return ({ subjectKind, subjectId, actor }, names) => {
    if (subjectKind === 'user' && subjectId) {
      const name = actor?.userId === subjectId ? actor.name : names?.get(subjectId)
      if (name) return name
    }
    const kind = kinds[subjectKind] ?? subjectKind
    return subjectId && subjectKind !== 'list' && !isId(subjectId) ? `${kind}: ${subjectId}` : kind
  }
}

/** In which function somebody acted: a role of the tool, or the name of a job. */
export function useFunctionText(): (name: string) => string {
  const { t, all } = useTexts()
  const jobs: Record<string, string> = all.audit.job
  return name => jobs[name] ?? t(`role.${name as 'hr'}`, { defaultValue: name })
}
