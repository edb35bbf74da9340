import { Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { getPerson } from '#contract/people.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { useProblemText } from '../../ui/problem-text.ts'
import { WhoPicker } from '../../ui/who-picker.tsx'
import type { Chosen } from './choice-picker.tsx'
import { Picked } from './several.tsx'

/** People whose primary employment is to be moved. */
export function PeoplePicker(props: { list: readonly Chosen[]; onChange: (list: readonly Chosen[]) => void }) {
  const { t } = useTexts()
  const problemText = useProblemText()
  const [asked, setAsked] = useState<{ id: string; name: string } | null>(null)
  /** Somebody who was chosen and has no employment that could be moved. */
  const [nobody, setNobody] = useState<string | null>(null)
  const query = useCall(getPerson, { params: { personId: asked?.id ?? '' } }, { enabled: asked !== null })
  const { list, onChange } = props
  useEffect(() => {
    if (!asked || !query.data) return
    const active = query.data.affiliations.filter(one => one.status === 'active')
    const one = active.find(other => other.primary) ?? active[0]
    setAsked(null)
    setNobody(one ? null : asked.name)
    if (one && !list.some(other => other.key === one.id)) onChange([...list, { key: one.id, name: asked.name }])
  }, [asked, query.data, list, onChange])
  return (
    <Stack gap={6}>
      <WhoPicker
        label={t('drafts.field.person')}
        onPick={who => {
          setNobody(null)
          setAsked({ id: who.id, name: who.name })
        }}
      />
      {query.error && asked ? (
        <p role="alert">{problemText(problemOf(query.error))}</p>
      ) : (
        nobody && <p role="alert">{t('drafts.field.noEmployment', { name: nobody })}</p>
      )}
      <Picked list={list} onChange={onChange} />
    </Stack>
  )
}
