import type { da } from '../../texts/da.ts'
import { useTexts } from '../../texts/i18n.ts'

type Known = keyof typeof da.audit.actionName

/** An action in words; one that has no text yet is shown by its code, which an auditor can still search for. */
export function useActionText(): (action: string) => string {
  const { t } = useTexts()
  const names = t('audit.actionName', { returnObjects: true }) as unknown as Record<Known, string>
  return action => names[action as Known] ?? action
}

/** In which function somebody acted: a role of the tool, or the name of a job. */
export function useFunctionText(): (name: string) => string {
  const { t } = useTexts()
  const jobs = t('audit.job', { returnObjects: true }) as unknown as Record<string, string>
  return name => jobs[name] ?? t(`role.${name as 'hr'}`, { defaultValue: name })
}
