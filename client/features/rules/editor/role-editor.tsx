import { Textarea } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getRoleForm } from '#contract/rule-desk.ts'
import type { Grantable, RoleForm } from '#contract/rule-forms.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { DeskEditor } from './desk-editor.tsx'
import classes from './editor.module.css'
import { GivenRow, GrantSearch, unknownGrant } from './grant-picker.tsx'
import { NameAndKey } from './name-and-key.tsx'
import { roleProblems } from './rule-problems.ts'
import { useKeptForm } from './use-kept-form.ts'

type Start = ResponseOf<typeof getRoleForm>

export const emptyRole: Start = {
  form: { key: '', name: '', description: null, entitlements: [], roles: [] },
  version: null,
  grantable: [],
  pending: null,
}

/** A role as a form: what it is called and what is in it, then what that would do. */
export function RoleEditor(props: { start: Start }) {
  const { start } = props
  const own = useKeptForm('role', start)
  const { form, setForm } = own
  return (
    <DeskEditor
      change={{ kind: 'role', form }}
      start={start}
      own={own}
      problems={() => roleProblems(form)}
      draft={false}
      onUse={setForm}
    >
      <RoleFormFields value={form} onChange={setForm} grantable={start.grantable} isNew={start.version === null} />
    </DeskEditor>
  )
}

/** The fields of a role without buttons: `value` in, `onChange` out. */
export function RoleFormFields(props: {
  value: RoleForm
  onChange: (next: RoleForm) => void
  grantable: readonly Grantable[]
  /** Roles that are nowhere yet, and can be given all the same. */
  made?: readonly Grantable[]
  isNew: boolean
}) {
  const { t } = useTexts()
  const { value } = props
  const [picked, setPicked] = useState<Grantable[]>([])
  const set = (next: Partial<RoleForm>) => props.onChange({ ...value, ...next })
  const known = new Map(
    [...props.grantable, ...picked].map(one => [`${one.kind === 'role' ? 'role' : 'right'} ${one.key}`, one]),
  )
  const one = (key: string, kind: 'role' | 'entitlement'): Grantable =>
    known.get(`${kind === 'role' ? 'role' : 'right'} ${key}`) ?? unknownGrant(key, kind)
  return (
    <div className={classes.form}>
      <Card title={t('ruleDesk.roleBasics')}>
        <div className={classes.fields}>
          <NameAndKey id="role" value={value} isNew={props.isNew} onChange={set} />
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
            made={props.made ?? []}
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
