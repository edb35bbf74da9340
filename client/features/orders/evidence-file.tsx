import { UnstyledButton } from '@mantine/core'
import { getEvidence } from '#contract/tasks.ts'
import { call, problemOf } from '../../lib/call.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'

/** A file of a task. It is saved, never opened in the page: what somebody sent in is not ours. */
export function EvidenceFile(props: { taskId: string; evidenceId: string; name: string }) {
  const { t } = useTexts()
  const { taskId, evidenceId, name } = props
  const save = async () => {
    try {
      const file = await call(getEvidence, { params: { taskId, evidenceId } })
      const bytes = Uint8Array.from(atob(file.base64), letter => letter.charCodeAt(0))
      const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
      const link = Object.assign(document.createElement('a'), { href: address, download: file.name })
      link.click()
      URL.revokeObjectURL(address)
    } catch (error) {
      announce(t(`problem.${problemOf(error).code}`))
    }
  }
  return (
    <UnstyledButton className="link" onClick={() => void save()}>
      {t('tasks.save', { name })}
    </UnstyledButton>
  )
}
