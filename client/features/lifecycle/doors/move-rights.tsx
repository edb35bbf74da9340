import { useState } from 'react'
import { proposeRights } from '#contract/lifecycle-desk.ts'
import type { MoveForm, ReportedKind } from '#contract/lifecycle-forms.ts'
import { useCall } from '../../../lib/query.ts'
import { RightsFields } from '../rights-fields.tsx'
import type { PartProps } from './subject.ts'

/** Rights beside those that the rules give in the new place: what colleagues there have, and what one adds. */
export function MoveRights(props: PartProps<MoveForm>) {
  const { form, change, subject } = props
  const [text, setText] = useState('')
  const unitId = form.unitId ?? subject?.unit?.id ?? null
  const proposals = useCall(
    proposeRights,
    {
      body: {
        kind: reported(subject?.kind),
        unitId: unitId ?? '',
        title: form.title || (subject?.title ?? ''),
        on: form.from,
        hours: form.hours ?? subject?.hours ?? null,
        chosen: form.rights.map(one => one.entitlementId),
        text,
      },
    },
    { enabled: unitId !== null, keep: true },
  )
  return (
    <RightsFields
      rights={form.rights}
      onChange={rights => change({ ...form, rights })}
      wrong={props.wrong}
      proposals={proposals.data}
      text={text}
      onText={setText}
    />
  )
}

/** The kind of an affiliation as a report says it; nobody moves a pupil. */
const reported = (kind: string | undefined): ReportedKind =>
  kind === undefined || kind === 'pupil' ? 'employment' : (kind as ReportedKind)
