import { ActionIcon, NativeSelect, TextInput } from '@mantine/core'
import { IconApps, IconKey, IconStack2, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { searchGrantable } from '#contract/rule-desk.ts'
import type { Grantable, LimitSpec } from '#contract/rule-forms.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Finder, useFinding } from '../../../ui/finder.tsx'
import { Sensitivity } from '../../../ui/sensitivity.tsx'
import classes from './editor.module.css'

const SIGN = { role: IconStack2, system: IconApps, entitlement: IconKey } as const

/** Rights, whole systems and roles by typing; each hit is a button. */
export function GrantSearch(props: {
  label: string
  hint?: string
  kinds: Grantable['kind'][]
  chosen: ReadonlySet<string>
  /** Offered before what the server knows of. */
  made?: readonly Grantable[]
  id?: string
  onPick: (picked: Grantable) => void
}) {
  const { t } = useTexts()
  const finding = useFinding()
  const { asked, on } = finding
  const query = useCall(searchGrantable, { body: { text: asked, kinds: props.kinds } }, { enabled: on, keep: true })
  const fits = (one: Grantable) => one.name.toLocaleLowerCase('da').includes(asked.toLocaleLowerCase('da'))
  const found = on ? [...(props.made ?? []).filter(fits), ...(query.data?.rows ?? [])] : []
  const hits = found
    .filter(one => !props.chosen.has(`${one.kind} ${one.key}`))
    .map(one => {
      const Sign = SIGN[one.kind]
      return {
        key: `${one.kind} ${one.key}`,
        one,
        sign: <Sign size={16} aria-hidden />,
        body: (
          <>
            {one.name} <span className="meta">{noteOf(t, one)}</span>
          </>
        ),
      }
    })
  return (
    <Finder
      {...{ finding, label: props.label, hint: props.hint, id: props.id }}
      // What the draft itself makes is there before the server has answered.
      hits={on && (query.data || hits.length > 0) ? hits : undefined}
      none={t('ruleDesk.noValue')}
      onPick={hit => props.onPick(hit.one)}
    />
  )
}

function noteOf(t: ReturnType<typeof useTexts>['t'], one: Grantable): string {
  if (one.kind === 'role') return t('ruleDesk.roleKind')
  return one.kind === 'system' ? t('ruleDesk.wholeSystem') : (one.note ?? '')
}

/** Of what nobody has told the name yet. */
export const unknownGrant = (key: string, kind: Grantable['kind']): Grantable => ({
  ...{ key, name: key, kind, note: null, sensitivity: 'none', privileged: false, takes: [], gone: false },
})

/** One thing that is given, with its limits where it takes any. */
export function GivenRow(props: {
  one: Grantable
  limits: readonly LimitSpec[]
  /** Without it there are no limits to set: a prohibition forbids the right whatever its limits. */
  onLimits?: (specs: LimitSpec[]) => void
  onRemove?: () => void
}) {
  const { t } = useTexts()
  const { one, limits } = props
  const Sign = SIGN[one.kind]
  const takes = [...new Set([...one.takes, ...limits.map(spec => spec.on)])]
  return (
    <li>
      <span>
        <Sign size={15} aria-hidden /> {one.key === '*' ? t('ruleDesk.allRights') : one.name}{' '}
        <span className="meta">
          {one.gone ? t('ruleDesk.gone') : noteOf(t, one)}
          {one.privileged && ` · ${t('ruleDesk.privileged')}`}
        </span>{' '}
        <Sensitivity sensitivity={one.sensitivity} />
      </span>
      {props.onRemove && (
        <ActionIcon
          variant="subtle"
          aria-label={t('ruleDesk.removeValue', { name: one.name })}
          onClick={props.onRemove}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      )}
      {props.onLimits && takes.length > 0 && (
        <fieldset className={`${classes.limits} ${classes.row}`} aria-label={t('ruleDesk.limits', { name: one.name })}>
          {takes.map(on => (
            <LimitEditor
              key={on}
              on={on}
              spec={limits.find(spec => spec.on === on)}
              onChange={next => props.onLimits?.([...limits.filter(spec => spec.on !== on), ...(next ? [next] : [])])}
            />
          ))}
        </fieldset>
      )}
    </li>
  )
}

type LimitKind = LimitSpec['kind']

/** What can limit a type: a unit's place, the unit's own KLE numbers; and for all, values that are said or chosen. */
const KINDS: Record<string, LimitKind[]> = {
  unit: ['own-unit', 'own-unit-and-below', 'ancestor-at-level'],
  kle: ['kle'],
}

function LimitEditor(props: { on: string; spec: LimitSpec | undefined; onChange: (next: LimitSpec | null) => void }) {
  const { t } = useTexts()
  const { on, spec } = props
  const name = on === 'unit' || on === 'kle' || on === 'sensitivity' ? t(`ruleDesk.on.${on}`) : on
  const kinds = [...new Set([...(KINDS[on] ?? []), 'fixed', 'chosen', ...(spec ? [spec.kind] : [])] as LimitKind[])]
  const values = spec && 'values' in spec ? (spec.values ?? []) : []
  const begin = (kind: LimitKind): LimitSpec => {
    if (kind === 'ancestor-at-level') return { on, kind, level: 1 }
    if (kind === 'fixed') return { on, kind, values: values.length > 0 ? values : [''] }
    return values.length > 0 && (kind === 'kle' || kind === 'chosen') ? { on, kind, values } : { on, kind }
  }
  return (
    <>
      <NativeSelect
        size="sm"
        label={t('ruleDesk.limitOn', { on: name })}
        value={spec?.kind ?? ''}
        data={[
          { value: '', label: t('ruleDesk.limit.none') },
          ...kinds.map(kind => ({ value: kind, label: t(`ruleDesk.limit.${kind}`) })),
        ]}
        onChange={event => {
          const kind = event.currentTarget.value
          props.onChange(kind === '' ? null : begin(kind as LimitKind))
        }}
      />
      {spec?.kind === 'ancestor-at-level' && (
        <NumberInputPlain
          label={t('ruleDesk.level')}
          value={spec.level}
          onChange={level => props.onChange({ ...spec, level })}
        />
      )}
      {(spec?.kind === 'fixed' || spec?.kind === 'kle' || spec?.kind === 'chosen') && (
        <ValuesText
          label={t('ruleDesk.limitValues')}
          value={spec.values ?? []}
          onChange={next => {
            // A fixed limit without a value is refused when it is saved; leaving the limit out would widen the right.
            if (next.length > 0) props.onChange({ ...spec, values: next })
            else props.onChange(spec.kind === 'fixed' ? { ...spec, values: [''] } : { on, kind: spec.kind })
          }}
        />
      )}
    </>
  )
}

function NumberInputPlain(props: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <TextInput
      size="sm"
      type="number"
      min={0}
      max={50}
      label={props.label}
      value={String(props.value)}
      onChange={event => {
        const value = Number.parseInt(event.currentTarget.value, 10)
        if (value >= 0 && value <= 50) props.onChange(value)
      }}
    />
  )
}

function ValuesText(props: { label: string; value: readonly string[]; onChange: (values: string[]) => void }) {
  const [text, setText] = useState(props.value.join(', '))
  return (
    <TextInput
      size="sm"
      label={props.label}
      value={text}
      onChange={event => {
        setText(event.currentTarget.value)
        props.onChange(
          event.currentTarget.value
            .split(',')
            .map(one => one.trim())
            .filter(Boolean),
        )
      }}
    />
  )
}
