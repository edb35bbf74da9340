import { Button, NativeSelect, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type AccountKind, accountKind } from '#contract/shapes.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Who, WhoPicker } from '../../ui/who-picker.tsx'
import type { LinkCase } from './case-facts.tsx'
import type { Decision } from './use-decide.ts'

/** What kind of account it is and who answers for it. */
export function ClassifyForm(props: { account: LinkCase; busy: boolean; onSave: (decision: Decision) => void }) {
  const { t } = useTexts()
  const { owner } = props.account
  const [kind, setKind] = useState<AccountKind>(props.account.kind === 'personal' ? 'shared' : props.account.kind)
  const [who, setWho] = useState<Who | null>(
    owner.person
      ? { kind: 'person', id: owner.person.id, name: owner.person.name ?? t('people.protectedPerson') }
      : owner.unit
        ? { kind: 'unit', ...owner.unit }
        : null,
  )
  const [missing, setMissing] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(kind !== 'personal' && !who)
    if (kind !== 'personal' && !who) return
    props.onSave({
      kind: 'classify',
      accountKind: kind,
      ...(kind !== 'personal' && who?.kind === 'person' ? { ownerPersonId: who.id } : {}),
      ...(kind !== 'personal' && who?.kind === 'unit' ? { ownerUnitId: who.id } : {}),
    })
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={16}>
        <NativeSelect
          label={t('desk.accountKind')}
          value={kind}
          onChange={event => setKind(accountKind.parse(event.currentTarget.value))}
          data={accountKind.options.map(value => ({ value, label: t(`enum.accountKind.${value}`) }))}
        />
        {kind !== 'personal' && <OwnerField who={who} missing={missing} onChange={setWho} />}
        <div>
          <Button type="submit" variant="default" loading={props.busy}>
            {t('desk.saveKind')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}

export function OwnerField(props: { who: Who | null; missing: boolean; onChange: (who: Who | null) => void }) {
  const { t } = useTexts()
  if (props.who)
    return (
      <p>
        {t('desk.ownerChosen', { name: props.who.name })}{' '}
        <Button variant="default" size="xs" onClick={() => props.onChange(null)}>
          {t('desk.change')}
        </Button>
      </p>
    )
  return (
    <WhoPicker
      id="owner"
      units
      label={t('desk.owner')}
      hint={t('desk.ownerHint')}
      error={props.missing ? t('desk.ownerMissing') : undefined}
      onPick={props.onChange}
    />
  )
}
