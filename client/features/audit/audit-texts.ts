import type { da } from '../../texts/da.ts'
import { useTexts } from '../../texts/i18n.ts'

type Known = keyof typeof da.audit.actionName

/** An action in words; one that has no text yet is shown by its code, which an auditor can still search for. */
export function useActionText(): (action: string) => string {
  const { all } = useTexts()
  return action => all.audit.actionName[action as Known] ?? action
}

/** In which function somebody acted: a role of the tool, or the name of a job. */
export function useFunctionText(): (name: string) => string {
  const { t, all } = useTexts()
  const jobs: Record<string, string> = all.audit.job
  return name => jobs[name] ?? t(`role.${name as 'hr'}`, { defaultValue: name })
}
