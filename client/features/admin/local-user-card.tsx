import { Button, Group, Modal, Stack } from '@mantine/core'
import { IconCircleCheck, IconCircleOff, IconClock, IconKeyOff } from '@tabler/icons-react'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import {
  disableLocalUser,
  enableLocalUser,
  endLocalRole,
  grantLocalRole,
  type listLocalUsers,
  resetLocalUser,
} from '#contract/local-users.ts'
import { type ProblemError, problemOf } from '../../lib/call.ts'
import { dayOf, lastDay } from '../../lib/formats.ts'
import { useCommand } from '../../lib/query.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import type { OneTime } from './invite-form.tsx'
import { RoleForm } from './role-form.tsx'

type User = ResponseOf<typeof listLocalUsers>['users'][number]
type Role = User['roles'][number]
type Asked =
  | { what: 'end'; role: Role }
  | { what: 'reset' }
  | { what: 'disable' }
  | { what: 'enable' }
  | { what: 'grant' }
  | null

export function LocalUserCard(props: { user: User; may: boolean; onLink: (link: OneTime) => void }) {
  const { t, instant, date } = useTexts()
  const { user, may } = props
  const name = user.displayName
  const [asked, setAsked] = useState<Asked>(null)
  const close = () => setAsked(null)
  const today = dayOf(new Date().toISOString())
  const columns: Column<Role>[] = [
    {
      key: 'role',
      label: t('users.columns.role'),
      cell: role => (
        <span>
          {t(`role.${role.role}`)}
          {role.units.length > 0 && <div className="meta">{role.units.map(unit => unit.name).join(', ')}</div>}
        </span>
      ),
    },
    {
      key: 'period',
      label: t('users.columns.period'),
      cell: role => t('users.period', { from: date(role.from), to: date(lastDay(role.to)) }),
    },
    { key: 'state', label: t('users.columns.state'), rank: 3, cell: role => <RoleState role={role} today={today} /> },
    { key: 'reason', label: t('users.columns.reason'), rank: 2, cell: role => role.reason },
    ...(may && user.roles.some(role => role.to > today)
      ? [
          {
            key: 'what',
            label: t('users.columns.what'),
            cell: (role: Role) =>
              role.to > today && (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={t('users.endRoleLabel', { role: t(`role.${role.role}`), name })}
                  onClick={() => setAsked({ what: 'end', role })}
                >
                  {t('users.endRole')}
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <Card title={name} aside={<Standing user={user} />}>
      <Stack gap={12}>
        <p className="meta">
          {t(`users.kind.${user.kind}`)} · {user.username} ·{' '}
          {user.lastSignInAt ? t('users.lastSignIn', { when: instant(user.lastSignInAt) }) : t('users.neverSignedIn')}
        </p>
        <DataTable
          caption={t('users.rolesCaption', { name })}
          columns={columns}
          rows={user.roles}
          rowKey={role => role.id}
          empty={<Empty title={t('users.noRoles')} />}
        />
        {may && user.disabled && (
          <Group gap={8}>
            <Button
              variant="default"
              aria-label={t('users.enableLabel', { name })}
              onClick={() => setAsked({ what: 'enable' })}
            >
              {t('users.enable')}
            </Button>
          </Group>
        )}
        {may && !user.disabled && (
          <Group gap={8}>
            <Button
              variant="default"
              aria-label={t('users.grantLabel', { name })}
              onClick={() => setAsked({ what: 'grant' })}
            >
              {t('users.grant')}
            </Button>
            {user.kind !== 'person' && (
              <Button
                variant="default"
                aria-label={t('users.resetLabel', { name })}
                onClick={() => setAsked({ what: 'reset' })}
              >
                {t('users.reset')}
              </Button>
            )}
            <Button
              variant="outline"
              color="red"
              aria-label={t('users.disableLabel', { name })}
              onClick={() => setAsked({ what: 'disable' })}
            >
              {t('users.disable')}
            </Button>
          </Group>
        )}
      </Stack>
      {asked?.what === 'end' && <EndRole user={user} role={asked.role} onClose={close} />}
      {asked?.what === 'disable' && <Disable user={user} onClose={close} />}
      {asked?.what === 'enable' && <Enable user={user} onClose={close} />}
      {asked?.what === 'grant' && <GrantRole user={user} onClose={close} />}
      {asked?.what === 'reset' && (
        <Reset
          user={user}
          onClose={close}
          onLink={link => {
            close()
            props.onLink(link)
          }}
        />
      )}
    </Card>
  )
}

function Standing(props: { user: User }) {
  const { t } = useTexts()
  const { user } = props
  if (user.disabled)
    return (
      <Status tone="quiet" icon={IconCircleOff}>
        {t('users.disabled')}
      </Status>
    )
  if (user.kind !== 'person' && !user.hasPassword)
    return (
      <Status tone="wait" icon={IconKeyOff}>
        {t('users.noPassword')}
      </Status>
    )
  return (
    <Status tone="ok" icon={IconCircleCheck}>
      {t('users.active')}
    </Status>
  )
}

function RoleState(props: { role: Role; today: string }) {
  const { t } = useTexts()
  const { role, today } = props
  if (role.active)
    return (
      <Status tone="ok" icon={IconCircleCheck} plain>
        {t('users.roleState.now')}
      </Status>
    )
  const later = role.from > today && role.to > role.from
  return (
    <Status tone={later ? 'wait' : 'quiet'} icon={later ? IconClock : IconCircleOff} plain>
      {t(later ? 'users.roleState.later' : 'users.roleState.over')}
    </Status>
  )
}

type Dialog = { user: User; onClose: () => void }

/** What stands in the way, with the meaning that a conflict has for this command. */
function why(t: Texts['t'], error: ProblemError | null, conflict: 'users.lastAdministrator' | 'users.roleTaken') {
  if (!error) return null
  const { code } = problemOf(error)
  if (code === 'conflict') return t(conflict)
  return code === 'second-person-needed' ? t('users.ownRole') : t(`problem.${code}`)
}

function EndRole(props: Dialog & { role: Role }) {
  const { t } = useTexts()
  const { user, role, onClose } = props
  const end = useCommand(endLocalRole, () => {
    announce(t('users.endRoleDone'))
    onClose()
  })
  return (
    <Confirm
      title={t('users.endRoleTitle')}
      verb={t('users.endRoleTitle')}
      cancel={t('do.cancel')}
      danger
      busy={end.isPending}
      error={why(t, end.error, 'users.lastAdministrator')}
      onConfirm={() => end.mutate({ params: { userId: user.id, roleId: role.id } })}
      onClose={onClose}
    >
      <p>{t('users.endRoleConfirm', { name: user.displayName, role: t(`role.${role.role}`) })}</p>
    </Confirm>
  )
}

function Disable(props: Dialog) {
  const { t } = useTexts()
  const { user, onClose } = props
  const disable = useCommand(disableLocalUser, () => {
    announce(t('users.disableDone'))
    onClose()
  })
  return (
    <Confirm
      title={t('users.disableTitle')}
      verb={t('users.disableTitle')}
      cancel={t('do.cancel')}
      danger
      busy={disable.isPending}
      error={why(t, disable.error, 'users.lastAdministrator')}
      onConfirm={() => disable.mutate({ params: { userId: user.id } })}
      onClose={onClose}
    >
      <p>{t('users.disableConfirm', { name: user.displayName })}</p>
    </Confirm>
  )
}

function Enable(props: Dialog) {
  const { t } = useTexts()
  const { user, onClose } = props
  const enable = useCommand(enableLocalUser, () => {
    announce(t('users.enableDone'))
    onClose()
  })
  return (
    <Confirm
      title={t('users.enableTitle')}
      verb={t('users.enableTitle')}
      cancel={t('do.cancel')}
      busy={enable.isPending}
      error={enable.error ? t(`problem.${problemOf(enable.error).code}`) : null}
      onConfirm={() => enable.mutate({ params: { userId: user.id } })}
      onClose={onClose}
    >
      <p>{t('users.enableConfirm', { name: user.displayName })}</p>
    </Confirm>
  )
}

function Reset(props: Dialog & { onLink: (link: OneTime) => void }) {
  const { t } = useTexts()
  const { user, onClose } = props
  const reset = useCommand(resetLocalUser, link => props.onLink({ ...link, name: user.displayName }))
  return (
    <Confirm
      title={t('users.resetTitle')}
      verb={t('users.reset')}
      cancel={t('do.cancel')}
      danger
      busy={reset.isPending}
      error={why(t, reset.error, 'users.lastAdministrator')}
      onConfirm={() => reset.mutate({ params: { userId: user.id } })}
      onClose={onClose}
    >
      <p>{t('users.resetConfirm', { name: user.displayName })}</p>
    </Confirm>
  )
}

function GrantRole(props: Dialog) {
  const { t } = useTexts()
  const { user, onClose } = props
  const grant = useCommand(grantLocalRole, () => {
    announce(t('users.grantDone'))
    onClose()
  })
  return (
    <Modal opened onClose={onClose} title={t('users.grantLabel', { name: user.displayName })}>
      <RoleForm
        verb={t('users.grant')}
        busy={grant.isPending}
        error={why(t, grant.error, 'users.roleTaken')}
        onSubmit={dated => grant.mutate({ params: { userId: user.id }, body: dated })}
      />
    </Modal>
  )
}
