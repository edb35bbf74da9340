import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { RuleVocabulary } from '#contract/rule-desk.ts'
import type { ExceptionForm, Grantable, LimitSpec, RuleForm } from '#contract/rule-forms.ts'
import { addDays, lastDay } from '../../../lib/formats.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { WhoPicker } from '../../../ui/who-picker.tsx'
import { type BuilderWorld, ConditionBuilder } from './condition-builder.tsx'
import classes from './editor.module.css'
import { GivenRow, GrantSearch, unknownGrant } from './grant-picker.tsx'
import { NameAndKey } from './name-and-key.tsx'
import { Chips } from './value-picker.tsx'

export type NamedPerson = { id: string; name: string | null }

/**
 * Everything of a rule as a form that holds nothing and saves nothing: `value` in, `onChange` out. What it shows names
 * of (rights, people) comes with the form and grows as somebody picks more.
 */
export function RuleFormFields(props: {
  value: RuleForm
  onChange: (next: RuleForm) => void
  vocabulary: RuleVocabulary
  /** Names of what the form gives. */
  grantable: readonly Grantable[]
  /** Roles that are nowhere yet, and can be given all the same. */
  made?: readonly Grantable[]
  people: readonly NamedPerson[]
  /** A key can only be chosen while there is no rule yet. */
  isNew: boolean
}) {
  const { t, number } = useTexts()
  const { value, vocabulary } = props
  const [people, setPeople] = useState(
    () => new Map(props.people.map(person => [person.id, person.name ?? t('people.protectedPerson')])),
  )
  const [picked, setPicked] = useState<Grantable[]>([])
  const set = (next: Partial<RuleForm>) => props.onChange({ ...value, ...next })
  const world: BuilderWorld = {
    vocabulary,
    people,
    onPerson: (id, name) => setPeople(new Map(people).set(id, name)),
  }
  const known = new Map(
    [...props.grantable, ...picked].map(one => [`${one.kind === 'role' ? 'role' : 'right'} ${one.key}`, one]),
  )
  return (
    <div className={classes.form}>
      <Card title={t('ruleDesk.basics')}>
        <div className={classes.fields}>
          <NameAndKey id="rule" value={value} isNew={props.isNew} onChange={set} />
          <TextInput
            id="rule-owner"
            label={t('ruleDesk.owner')}
            description={t('ruleDesk.ownerHint')}
            value={value.owner}
            maxLength={200}
            list="rule-owners"
            onChange={event => set({ owner: event.currentTarget.value })}
          />
          <datalist id="rule-owners">
            {vocabulary.owners.map(owner => (
              <option key={owner} value={owner} />
            ))}
          </datalist>
          <div className={classes.values}>
            {value.ownerPerson && (
              <Chips
                chosen={[{ value: value.ownerPerson, name: people.get(value.ownerPerson) ?? t('ruleDesk.someone') }]}
                onRemove={() => set({ ownerPerson: null })}
              />
            )}
            <WhoPicker
              label={t('ruleDesk.ownerPerson')}
              hint={t('ruleDesk.ownerPersonHint')}
              onPick={who => {
                world.onPerson(who.id, who.name)
                set({ ownerPerson: who.id })
              }}
            />
          </div>
          <div className={classes.wide}>
            <Textarea
              label={t('ruleDesk.purpose')}
              description={t('ruleDesk.purposeHint')}
              value={value.purpose ?? ''}
              rows={2}
              maxLength={1000}
              onChange={event => set({ purpose: event.currentTarget.value || null })}
            />
          </div>
        </div>
      </Card>

      <Card title={t('ruleDesk.conditions')}>
        <div className={classes.stack} id="rule-conditions">
          {'join' in value.conditions && value.conditions.parts.length === 0 && (
            <p className="dim">{t('ruleDesk.everybody')}</p>
          )}
          <ConditionBuilder value={value.conditions} onChange={conditions => set({ conditions })} world={world} />
        </div>
      </Card>

      <Card title={t(value.inverted ? 'ruleDesk.whatForbids' : 'ruleDesk.what')}>
        <div className={classes.stack}>
          <div className={classes.fields}>
            <NativeSelect
              label={t('ruleDesk.kind')}
              value={value.inverted ? 'forbids' : 'gives'}
              data={(['gives', 'forbids'] as const).map(kind => ({ value: kind, label: t(`ruleDesk.${kind}`) }))}
              onChange={event => set(asKind(value, event.currentTarget.value === 'forbids', vocabulary.orders))}
            />
            {value.inverted && (
              <TextInput
                id="rule-reason"
                label={t('ruleDesk.reason')}
                value={value.reason ?? ''}
                maxLength={500}
                onChange={event => set({ reason: event.currentTarget.value || null })}
              />
            )}
          </div>
          <Given value={value} known={known} set={set} />
          <GrantSearch
            id="rule-gives"
            label={t('ruleDesk.addRight')}
            hint={t('ruleDesk.addRightHint')}
            kinds={['role', 'system', 'entitlement']}
            made={props.made ?? []}
            chosen={new Set([...value.roles.map(key => `role ${key}`), ...rightKeys(value)])}
            onPick={one => {
              setPicked([...picked, one])
              set(
                one.kind === 'role'
                  ? { roles: [...value.roles, one.key] }
                  : { entitlements: [...value.entitlements, one.key] },
              )
            }}
          />
        </div>
      </Card>

      <Card title={t('ruleDesk.when')}>
        <div className={classes.fields}>
          <Period value={value} onChange={set} />
          <NativeSelect
            label={t('ruleDesk.state')}
            value={value.state}
            data={[
              { value: 'active', label: t('ruleDesk.stateActive') },
              { value: 'draft', label: t('ruleDesk.stateDraft') },
            ]}
            onChange={event => set({ state: event.currentTarget.value === 'draft' ? 'draft' : 'active' })}
          />
          <TextInput
            type="number"
            label={t('ruleDesk.order')}
            description={t('ruleDesk.orderHint', {
              rule: number(vocabulary.orders.rule),
              prohibition: number(vocabulary.orders.prohibition),
            })}
            value={String(value.order)}
            onChange={event => {
              const order = Number.parseInt(event.currentTarget.value, 10)
              if (Number.isInteger(order)) set({ order })
            }}
          />
        </div>
      </Card>

      {!value.inverted && <Exceptions value={value.exceptions} world={world} set={exceptions => set({ exceptions })} />}
    </div>
  )
}

const rightKeys = (value: RuleForm) => value.entitlements.flatMap(key => [`entitlement ${key}`, `system ${key}`])

/** A prohibition stands above the rules it is to take from, and has neither limits nor exceptions. */
function asKind(value: RuleForm, inverted: boolean, orders: RuleVocabulary['orders']): Partial<RuleForm> {
  const usual = inverted ? orders.rule : orders.prohibition
  const order = value.order === usual ? (inverted ? orders.prohibition : orders.rule) : value.order
  return inverted ? { inverted, order, limits: [], exceptions: [] } : { inverted, order, reason: null }
}

/** All that a rule gives, as YAML has it: a limit on it counts for each right that takes such a one. */
const ALL: Grantable = { ...unknownGrant('*', 'entitlement'), takes: ['unit', 'kle', 'sensitivity'] }

function Given(props: {
  value: RuleForm
  known: ReadonlyMap<string, Grantable>
  set: (next: Partial<RuleForm>) => void
}) {
  const { t } = useTexts()
  const { value, known, set } = props
  const limitsOf = (key: string) => value.limits.find(one => one.entitlement === key)?.specs ?? []
  const setLimits = (key: string, specs: LimitSpec[]) => {
    const others = value.limits.filter(one => one.entitlement !== key)
    set({ limits: specs.length > 0 ? [...others, { entitlement: key, specs }] : others })
  }
  // Limits on all that the rule gives, or on what comes through a role, stand in lines of their own. A role names no
  // limits: who gives one says on what of it, so the line for all of it is there before anything is said.
  const said = value.limits.map(one => one.entitlement).filter(key => !value.entitlements.includes(key))
  const loose = [...new Set([...(value.roles.length > 0 && !value.inverted ? [ALL.key] : []), ...said])]
  if (value.entitlements.length + value.roles.length === 0) return <p className="dim">{t('ruleDesk.nothingGiven')}</p>
  return (
    <ul className={classes.given}>
      {value.roles.map(key => (
        <GivenRow
          key={`role ${key}`}
          one={known.get(`role ${key}`) ?? unknownGrant(key, 'role')}
          limits={[]}
          onRemove={() => set({ roles: value.roles.filter(one => one !== key) })}
        />
      ))}
      {value.entitlements.map(key => (
        <GivenRow
          key={key}
          one={known.get(`right ${key}`) ?? unknownGrant(key, 'entitlement')}
          limits={limitsOf(key)}
          {...(value.inverted ? {} : { onLimits: (specs: LimitSpec[]) => setLimits(key, specs) })}
          onRemove={() =>
            set({
              entitlements: value.entitlements.filter(one => one !== key),
              limits: value.limits.filter(one => one.entitlement !== key),
            })
          }
        />
      ))}
      {loose.map(key => (
        <GivenRow
          key={`limit ${key}`}
          one={key === ALL.key ? ALL : (known.get(`right ${key}`) ?? unknownGrant(key, 'entitlement'))}
          limits={limitsOf(key)}
          onLimits={specs => setLimits(key, specs)}
        />
      ))}
    </ul>
  )
}

/** First and last day; the last day is shown, the day after it is what is kept. */
function Period<T extends { validFrom: string; validTo: string | null }>(props: {
  value: T
  onChange: (next: { validFrom: string } | { validTo: string | null }) => void
  /** It must end. */
  ends?: boolean
}) {
  const { t } = useTexts()
  const { value } = props
  return (
    <>
      <TextInput
        type="date"
        label={t('ruleDesk.from')}
        value={value.validFrom}
        onChange={event => {
          if (event.currentTarget.value) props.onChange({ validFrom: event.currentTarget.value })
        }}
      />
      <TextInput
        type="date"
        label={t('ruleDesk.to')}
        description={props.ends ? undefined : t('ruleDesk.toHint')}
        value={value.validTo ? lastDay(value.validTo) : ''}
        onChange={event => {
          const last = event.currentTarget.value
          if (last || !props.ends) props.onChange({ validTo: last ? addDays(last, 1) : null })
        }}
      />
    </>
  )
}

/** Ninety days, as the first thing offered: an exception has to end, and nobody should have to guess how far off. */
const USUAL_DAYS = 90

function Exceptions(props: { value: ExceptionForm[]; world: BuilderWorld; set: (next: ExceptionForm[]) => void }) {
  const { t } = useTexts()
  const { value, world, set } = props
  const put = (at: number, next: Partial<ExceptionForm>) =>
    set(value.map((one, place) => (place === at ? { ...one, ...next } : one)))
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' })
  return (
    <Card title={t('ruleDesk.exceptions')}>
      <div className={classes.stack} id="rule-exceptions">
        <p className="dim">{t('ruleDesk.exceptionsHelp')}</p>
        {value.length === 0 && <p>{t('ruleDesk.noExceptions')}</p>}
        {value.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: new ones have no key yet, and a place is what they are
          <fieldset className={classes.set} key={at}>
            <legend>{t('ruleDesk.exceptionNo', { no: at + 1 })}</legend>
            <div className={classes.stack}>
              <p className="meta">{t('ruleDesk.exceptionWho')}</p>
              <ConditionBuilder
                value={one.conditions}
                onChange={conditions => put(at, { conditions })}
                world={world}
                exception
              />
              <div className={classes.fields}>
                <TextInput
                  label={t('ruleDesk.exceptionReason')}
                  value={one.reason}
                  maxLength={500}
                  onChange={event => put(at, { reason: event.currentTarget.value })}
                />
                <Period value={one} onChange={next => put(at, next as Partial<ExceptionForm>)} ends />
              </div>
              <div>
                <Button variant="default" size="xs" onClick={() => set(value.filter((_, place) => place !== at))}>
                  {t('ruleDesk.removeException')}
                </Button>
              </div>
            </div>
          </fieldset>
        ))}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() =>
              set([
                ...value,
                {
                  key: null,
                  reason: '',
                  conditions: { join: 'all', parts: [{ field: 'unit', op: 'under', values: [] }] },
                  validFrom: today,
                  validTo: addDays(today, USUAL_DAYS),
                },
              ])
            }
          >
            {t('ruleDesk.addException')}
          </Button>
        </div>
      </div>
    </Card>
  )
}
