import { Button, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { dropDeskDraft, type Grantable, type getRoleForm, keepDeskDraft, type RoleForm } from '#contract/rule-desk.ts'
import { problemOf } from '../../../lib/call.ts'
import { useCommand } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { announce } from '../../../ui/announcer.tsx'
import { Card } from '../../../ui/card.tsx'
import classes from './editor.module.css'
import { GivenRow, GrantSearch } from './grant-picker.tsx'
import { PendingBanner } from './pending-banner.tsx'
import { PreviewPanel } from './preview-panel.tsx'
import { keyFrom, roleProblems } from './rule-problems.ts'

type Start = ResponseOf<typeof getRoleForm>

export const emptyRole: Start = {
  form: { key: '', name: '', description: null, entitlements: [], roles: [] },
  version: null,
  grantable: [],
  pending: null,
}

/** A role as a form: what it is called and what is in it, then what that would do. */
export function RoleEditor(props: { start: Start }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const { start } = props
  const [form, setForm] = useState<RoleForm>(start.form)
  const isNew = start.version === null
  const pending = start.pending?.change.kind === 'role' ? start.pending : null
  const keep = useCommand(keepDeskDraft, () => announce(t('ruleDesk.kept')))
  const drop = useCommand(dropDeskDraft, () => announce(t('ruleDesk.dropped')))
  const change = { kind: 'role' as const, form }
  const failed = keep.error ?? drop.error
  return (
    <div className="stack">
      {pending && (
        <PendingBanner
          pending={pending}
          busy={drop.isPending}
          onUse={() => {
            if (pending.change.kind === 'role') setForm(pending.change.form)
          }}
          onDrop={() => drop.mutate({ params: { kind: 'role', key: start.form.key } })}
        />
      )}
      <RoleFormFields value={form} onChange={setForm} grantable={start.grantable} isNew={isNew} />
      <PreviewPanel
        change={change}
        version={start.version}
        problems={() => roleProblems(form)}
        draft={false}
        onSaved={applied =>
          void navigate(applied ? { to: '/roles/$key', params: { key: form.key } } : { to: '/rules/changes' })
        }
      />
      <div className={classes.actions}>
        <Button
          variant="subtle"
          loading={keep.isPending}
          disabled={!form.key.trim() || !form.name.trim()}
          onClick={() => keep.mutate({ body: { change, version: start.version } })}
        >
          {t('ruleDesk.keep')}
        </Button>
        {failed && <p role="alert">{problemOf(failed).detail ?? t(`problem.${problemOf(failed).code}`)}</p>}
      </div>
    </div>
  )
}

/** The fields of a role without buttons: `value` in, `onChange` out. */
export function RoleFormFields(props: {
  value: RoleForm
  onChange: (next: RoleForm) => void
  grantable: readonly Grantable[]
  isNew: boolean
}) {
  const { t } = useTexts()
  const { value } = props
  const [picked, setPicked] = useState<Grantable[]>([])
  const [keyTouched, setKeyTouched] = useState(false)
  const set = (next: Partial<RoleForm>) => props.onChange({ ...value, ...next })
  const known = new Map(
    [...props.grantable, ...picked].map(one => [`${one.kind === 'role' ? 'role' : 'right'} ${one.key}`, one]),
  )
  const one = (key: string, kind: 'role' | 'entitlement'): Grantable =>
    known.get(`${kind === 'role' ? 'role' : 'right'} ${key}`) ?? {
      key,
      name: key,
      kind,
      note: null,
      sensitivity: 'none',
      privileged: false,
      takes: [],
      gone: false,
    }
  return (
    <div className={classes.form}>
      <Card title={t('ruleDesk.roleBasics')}>
        <div className={classes.fields}>
          <TextInput
            id="role-name"
            label={t('ruleDesk.name')}
            value={value.name}
            maxLength={200}
            onChange={event => {
              const name = event.currentTarget.value
              set(props.isNew && !keyTouched ? { name, key: keyFrom(name) } : { name })
            }}
          />
          <TextInput
            id="role-key"
            label={t('ruleDesk.key')}
            description={props.isNew ? t('ruleDesk.keyHint') : undefined}
            value={value.key}
            readOnly={!props.isNew}
            maxLength={200}
            spellCheck={false}
            onChange={event => {
              setKeyTouched(true)
              set({ key: event.currentTarget.value })
            }}
          />
          <div className={classes.wide}>
            <Textarea
              label={t('ruleDesk.description')}
              value={value.description ?? ''}
              rows={2}
              maxLength={1000}
              onChange={event => set({ description: event.currentTarget.value || null })}
            />
          </div>
        </div>
      </Card>
      <Card title={t('ruleDesk.roleContents')}>
        <div className={classes.stack}>
          {value.entitlements.length + value.roles.length === 0 && <p className="dim">{t('ruleDesk.nothingGiven')}</p>}
          <ul className={classes.given}>
            {value.roles.map(key => (
              <GivenRow
                key={`role ${key}`}
                one={one(key, 'role')}
                limits={[]}
                onRemove={() => set({ roles: value.roles.filter(other => other !== key) })}
              />
            ))}
            {value.entitlements.map(entry => (
              <GivenRow
                key={entry.key}
                one={one(entry.key, 'entitlement')}
                limits={entry.limits}
                onLimits={limits =>
                  set({
                    entitlements: value.entitlements.map(other =>
                      other.key === entry.key ? { ...other, limits } : other,
                    ),
                  })
                }
                onRemove={() => set({ entitlements: value.entitlements.filter(other => other.key !== entry.key) })}
              />
            ))}
          </ul>
          <GrantSearch
            label={t('ruleDesk.addRole')}
            hint={t('ruleDesk.addRightHint')}
            kinds={['role', 'system', 'entitlement']}
            chosen={
              new Set([
                `role ${value.key}`,
                ...value.roles.map(key => `role ${key}`),
                ...value.entitlements.flatMap(entry => [`entitlement ${entry.key}`, `system ${entry.key}`]),
              ])
            }
            onPick={hit => {
              setPicked([...picked, hit])
              set(
                hit.kind === 'role'
                  ? { roles: [...value.roles, hit.key] }
                  : { entitlements: [...value.entitlements, { key: hit.key, limits: [] }] },
              )
            }}
          />
        </div>
      </Card>
    </div>
  )
}
