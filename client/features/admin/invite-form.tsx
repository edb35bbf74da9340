import { Modal, NativeSelect, TextInput } from '@mantine/core'
import type { ResponseOf } from '#contract/endpoint.ts'
import { createLocalUser } from '#contract/local-users.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { RoleForm } from './role-form.tsx'

export type OneTime = ResponseOf<typeof createLocalUser>['link'] & { name: string }
const kinds = ['outsider', 'emergency'] as const

/** A named outsider or an emergency access, always with a role that ends; the answer is the link to hand over. */
export function InviteForm(props: { onMade: (link: OneTime) => void; onClose: () => void }) {
  const { t } = useTexts()
  const create = useCommand(createLocalUser, (answer, input) =>
    props.onMade({ ...answer.link, name: input.body?.displayName ?? '' }),
  )
  const code = create.error ? problemOf(create.error).code : null
  return (
    <Modal opened onClose={props.onClose} title={t('users.invite')} size="lg">
      <RoleForm
        verb={t('users.invite')}
        busy={create.isPending}
        error={code === null ? null : code === 'conflict' ? t('users.taken') : t(`problem.${code}`)}
        check={form => [
          ...(/^[\p{L}\p{N}._@-]{3,100}$/u.test(String(form.get('username') ?? '').trim())
            ? []
            : [{ field: 'username', text: t('users.usernameWrong') }]),
          ...(String(form.get('displayName') ?? '').trim().length < 2
            ? [{ field: 'displayName', text: t('users.displayNameWrong') }]
            : []),
        ]}
        onSubmit={(dated, form) =>
          create.mutate({
            body: {
              kind: form.get('kind') === 'emergency' ? 'emergency' : 'outsider',
              username: String(form.get('username')).trim(),
              displayName: String(form.get('displayName')).trim(),
              ...dated,
            },
          })
        }
        before={errorFor => (
          <>
            <NativeSelect
              name="kind"
              label={t('users.formKind')}
              description={t('users.kindHint')}
              data={kinds.map(value => ({ value, label: t(`users.kind.${value}`) }))}
            />
            <TextInput
              id="username"
              name="username"
              label={t('users.username')}
              description={t('users.usernameHint')}
              autoComplete="off"
              maxLength={100}
              error={errorFor('username')}
            />
            <TextInput
              id="displayName"
              name="displayName"
              label={t('users.displayName')}
              description={t('users.displayNameHint')}
              autoComplete="off"
              maxLength={120}
              error={errorFor('displayName')}
            />
          </>
        )}
      />
    </Modal>
  )
}
