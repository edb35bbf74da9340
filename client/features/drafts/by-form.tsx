import { Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../texts/i18n.ts'
import { ChoicePicker, type Chosen } from './choice-picker.tsx'

/** A rule or role to change in the draft, or a new one: both on the page with the form. */
export function ByForm(props: {
  draftId: string
  kind: 'rule' | 'role'
  value: Chosen | null
  onChange: (next: Chosen | null) => void
}) {
  const { t } = useTexts()
  const { draftId, kind, value } = props
  const to = { to: '/drafts/$draftId/form', params: { draftId } } as const
  return (
    <Stack gap={12}>
      <ChoicePicker
        id="change-what"
        kind={kind}
        label={t(kind === 'rule' ? 'drafts.field.rule' : 'drafts.field.role')}
        value={value}
        onChange={props.onChange}
      />
      {value && (
        <Link {...to} search={{ kind, key: value.key }} className="link">
          {t('drafts.byForm.change', { name: value.name })}
        </Link>
      )}
      <Link {...to} search={{ kind }} className="link">
        {t(kind === 'rule' ? 'drafts.byForm.newRule' : 'drafts.byForm.newRole')}
      </Link>
    </Stack>
  )
}
