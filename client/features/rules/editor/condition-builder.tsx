import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { RuleVocabulary, VocabularyField } from '#contract/rule-desk.ts'
import type { ConditionOp, ConditionTree } from '#contract/rule-forms.ts'
import { fieldText, opText, valueText } from '../../../texts/field-text.ts'
import { type Texts, useTexts } from '../../../texts/i18n.ts'
import { WhoPicker } from '../../../ui/who-picker.tsx'
import classes from './editor.module.css'
import { Chips, type PickValue, ValuePicker } from './value-picker.tsx'

type Group = Extract<ConditionTree, { join: unknown }>
type Line = Extract<ConditionTree, { field: string }>
type Value = string | number | boolean

export type BuilderWorld = {
  vocabulary: RuleVocabulary
  /** Names of people that lines name, by id; the form keeps those that are picked. */
  people: ReadonlyMap<string, string>
  onPerson: (id: string, name: string) => void
}

const DEEPEST = 4

/** Conditions by choosing: groups of lines, as many deep as anybody can read. Knows nothing of rules. */
export function ConditionBuilder(props: {
  value: ConditionTree
  onChange: (next: Group) => void
  world: BuilderWorld
  /** People may be named: only in what ends by itself. */
  exception?: boolean
}) {
  const group: Group = 'join' in props.value ? props.value : { join: 'all', parts: [props.value] }
  return <GroupEditor {...props} value={group} depth={1} />
}

function GroupEditor(props: {
  value: Group
  onChange: (next: Group) => void
  onRemove?: () => void
  world: BuilderWorld
  exception?: boolean
  depth: number
}) {
  const { t } = useTexts()
  const { value, world } = props
  const put = (at: number, part: ConditionTree) =>
    props.onChange({ ...value, parts: value.parts.map((one, place) => (place === at ? part : one)) })
  const remove = (at: number) => props.onChange({ ...value, parts: value.parts.filter((_, place) => place !== at) })
  const offered = world.vocabulary.fields.filter(field => props.exception || !field.exceptionOnly)
  const nextField = () => {
    const used = new Set(value.parts.map(part => ('field' in part ? part.field : '')))
    return offered.find(field => !used.has(field.field)) ?? offered[0]
  }
  const first = nextField()
  return (
    <fieldset className={classes.group} data-join={value.join}>
      <div className={classes.groupHead}>
        <NativeSelect
          size="sm"
          aria-label={t('ruleDesk.joinLabel')}
          value={value.join}
          data={(['all', 'any', 'none'] as const).map(join => ({ value: join, label: t(`ruleDesk.join.${join}`) }))}
          onChange={event => props.onChange({ ...value, join: event.currentTarget.value as Group['join'] })}
        />
        {props.onRemove && (
          <ActionIcon variant="subtle" aria-label={t('ruleDesk.removeGroup')} onClick={props.onRemove}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {value.parts.map((part, at) =>
        'join' in part ? (
          <GroupEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place; a key of its content would lose the focus
            key={at}
            value={part}
            onChange={next => put(at, next)}
            onRemove={() => remove(at)}
            world={world}
            depth={props.depth + 1}
            {...(props.exception ? { exception: true } : {})}
          />
        ) : (
          <LineEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            key={at}
            value={part}
            fields={offered}
            onChange={next => put(at, next)}
            onRemove={() => remove(at)}
            world={world}
          />
        ),
      )}
      <div className={classes.actions}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => first && props.onChange({ ...value, parts: [...value.parts, emptyLine(first)] })}
        >
          {t('ruleDesk.addLine')}
        </Button>
        {props.depth < DEEPEST && first && (
          <Button
            size="xs"
            variant="subtle"
            onClick={() =>
              props.onChange({ ...value, parts: [...value.parts, { join: 'any', parts: [emptyLine(first)] }] })
            }
          >
            {t('ruleDesk.addGroup')}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function emptyLine(field: VocabularyField): Line {
  const op = field.ops[0] ?? 'in'
  return { field: field.field, op, values: firstValues(field, op) }
}

/** Yes is what one mostly asks for; everything else has to be chosen. */
const firstValues = (field: VocabularyField, op: ConditionOp): Value[] =>
  field.type === 'flag' || op === 'exists' ? [true] : []

function LineEditor(props: {
  value: Line
  fields: VocabularyField[]
  onChange: (next: Line) => void
  onRemove: () => void
  world: BuilderWorld
}) {
  const texts = useTexts()
  const { t } = texts
  const { value, world } = props
  const field = world.vocabulary.fields.find(one => one.field === value.field)
  const label = fieldLabel(texts, value.field)
  const ops = [...new Set([...(field?.ops ?? []), value.op])]
  // "Is filled in" and "is not" are one operator with two values.
  const choices = ops.flatMap(op =>
    op === 'exists'
      ? [
          { value: 'exists', label: t('ruleDesk.filled') },
          { value: 'not-exists', label: t('ruleDesk.empty') },
        ]
      : [{ value: op as string, label: opText(t, value.field, op) }],
  )
  const chosenOp = value.op === 'exists' && value.values[0] === false ? 'not-exists' : value.op
  const pickOp = (next: string) => {
    if (next === 'exists' || next === 'not-exists')
      props.onChange({ ...value, op: 'exists', values: [next === 'exists'] })
    else {
      const many = next === 'in' || next === 'nin' || next === 'under'
      const kept = value.op === 'exists' ? [] : value.values
      props.onChange({ ...value, op: next as ConditionOp, values: many ? kept : kept.slice(0, 1) })
    }
  }
  return (
    <div className={classes.line}>
      <NativeSelect
        size="sm"
        aria-label={t('ruleDesk.fieldLabel')}
        value={value.field}
        data={[...new Set([...props.fields.map(one => one.field), value.field])].map(one => ({
          value: one,
          label: fieldLabel(texts, one),
        }))}
        onChange={event => {
          const next = world.vocabulary.fields.find(one => one.field === event.currentTarget.value)
          if (next) props.onChange(emptyLine(next))
        }}
      />
      <NativeSelect
        size="sm"
        aria-label={`${label}: ${t('ruleDesk.opLabel')}`}
        value={chosenOp}
        data={choices}
        onChange={event => pickOp(event.currentTarget.value)}
      />
      <div className={classes.values}>
        {value.op !== 'exists' && (
          <Values line={value} field={field} label={label} world={world} onChange={props.onChange} />
        )}
      </div>
      <ActionIcon variant="subtle" aria-label={t('ruleDesk.removeLine', { name: label })} onClick={props.onRemove}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  )
}

/** "At or below" and "exactly" are both the unit, and have to be told apart here. */
export const fieldLabel = ({ t }: Texts, field: string): string =>
  field === 'unit' ? t('ruleDesk.unitUnder') : field === 'unitKey' ? t('ruleDesk.unitExact') : fieldText(t, field)

const UNIT_FIELDS = new Set(['unit', 'unitKey', 'managerOf'])

function Values(props: {
  line: Line
  field: VocabularyField | undefined
  label: string
  world: BuilderWorld
  onChange: (next: Line) => void
}) {
  const { t } = useTexts()
  const { line, field, world, label } = props
  const set = (values: Value[]) => props.onChange({ ...line, values })
  const units = useUnitOptions(world.vocabulary)
  const [first] = line.values
  if (line.field === 'personId') return <People {...props} />
  if (field?.type === 'flag')
    return (
      <NativeSelect
        size="sm"
        aria-label={`${label}: ${t('ruleDesk.valueLabel')}`}
        value={String(first ?? true)}
        data={['true', 'false'].map(value => ({ value, label: valueText(t, line.field, value) }))}
        onChange={event => set([event.currentTarget.value === 'true'])}
      />
    )
  if (field?.type === 'number' || field?.type === 'date')
    return (
      <TextInput
        size="sm"
        type={field.type === 'date' ? 'date' : 'number'}
        step="any"
        aria-label={`${label}: ${t('ruleDesk.valueLabel')}`}
        value={first === undefined ? '' : String(first)}
        onChange={event => {
          const text = event.currentTarget.value
          set(text === '' ? [] : [field.type === 'date' ? text : Number(text)])
        }}
      />
    )
  const options = UNIT_FIELDS.has(line.field)
    ? units
    : (field?.values ?? []).map(one => ({ ...one, name: shown(t, line.field, one.value, one.name) }))
  const names = new Map(options.map(one => [one.value, one.name]))
  return (
    <ValuePicker
      label={label}
      chosen={line.values.map(value => ({
        value: String(value),
        name: names.get(String(value)) ?? shown(t, line.field, String(value), String(value)),
      }))}
      options={options}
      onChange={set}
      free={field?.type === 'text' || field?.type === 'list'}
    />
  )
}

const shown = (t: Texts['t'], field: string, value: string, name: string) =>
  field === 'kind' || field === 'unitKind' ? valueText(t, field, value) : name

/** Units by name with the one above, which tells two of the same name apart. */
function useUnitOptions(vocabulary: RuleVocabulary): PickValue[] {
  return useMemo(() => {
    const names = new Map(vocabulary.units.map(unit => [unit.key, unit.name]))
    // Where most people are comes first: an empty field then offers what is mostly meant.
    return [...vocabulary.units]
      .sort((one, other) => other.count - one.count)
      .map(unit => ({
        value: unit.key,
        name: unit.name,
        note: unit.parent === null ? undefined : names.get(unit.parent),
        count: unit.count,
      }))
  }, [vocabulary])
}

function People(props: { line: Line; label: string; world: BuilderWorld; onChange: (next: Line) => void }) {
  const { t } = useTexts()
  const { line, world } = props
  const ids = line.values.map(String)
  return (
    <>
      <Chips
        chosen={ids.map(id => ({ value: id, name: world.people.get(id) ?? t('ruleDesk.someone') }))}
        onRemove={id => props.onChange({ ...line, values: ids.filter(one => one !== id) })}
      />
      <WhoPicker
        label={t('ruleDesk.addPerson')}
        onPick={who => {
          world.onPerson(who.id, who.name)
          if (!ids.includes(who.id)) props.onChange({ ...line, values: [...ids, who.id] })
        }}
      />
    </>
  )
}
