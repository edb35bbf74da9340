import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { unitKind } from '#contract/shapes.ts'
import { addDraftRules } from '#contract/what-if.ts'
import type { DraftChange, DraftChangeKind, DraftPage, UnitMapRow } from '#contract/what-if-draft.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { useMistakeTexts, useProblemText } from '../../ui/problem-text.ts'
import { ByForm } from './by-form.tsx'
import { ChoicePicker, type Chosen } from './choice-picker.tsx'
import { PeoplePicker } from './people-picker.tsx'
import { Several, withOne } from './several.tsx'
import { EMPTY_PART, isBegun, readPart, type SplitPart, SplitParts } from './split-parts.tsx'
import { UnitMap } from './unit-map.tsx'

const KINDS = [
  'unit-map',
  'unit-move',
  'unit-merge',
  'unit-split',
  'unit-create',
  'unit-rename',
  'unit-close',
  'title-change',
  'affiliations-move',
  'system-close',
  'entitlement-retire',
  'rule-put',
  'rule-retire',
  'role-put',
  'role-retire',
  'yaml',
] as const satisfies readonly (DraftChangeKind | 'yaml')[]
type Kind = (typeof KINDS)[number]
type UnitKind = (typeof unitKind.options)[number]
/** There is one municipality. */
const NEW_KINDS = unitKind.exclude(['top']).options
type Bare = DraftChange extends infer C ? (C extends { id: string } ? Omit<C, 'id'> : never) : never

/** What may be put into one of the fields; which of them a kind uses is said where it is shown. */
type Fields = {
  a: Chosen | null
  b: Chosen | null
  list: readonly Chosen[]
  text: string
  key: string
  unitKind: UnitKind
  rows: readonly UnitMapRow[]
  next: readonly Chosen[]
  parts: readonly SplitPart[]
  carry: boolean
  translate: boolean
}
const EMPTY: Fields = {
  ...{ a: null, b: null, list: [], text: '', key: '', unitKind: 'unit', rows: [], next: [] },
  parts: [EMPTY_PART, EMPTY_PART],
  ...{ carry: true, translate: true },
}

/** Choose what is to change, and fill in what that kind needs. */
export function AddChange(props: {
  draft: DraftPage
  busy: boolean
  error: string | null
  /** What was filled in stands until it is taken: a conflict or a lost connection must not cost a map of thirty lines. */
  onAdd: (change: DraftChange, taken: () => void) => void
  onDone: () => void
}) {
  const { t } = useTexts()
  const problemText = useProblemText()
  const mistakes = useMistakeTexts()
  const [kind, setKind] = useState<Kind>('unit-map')
  const [fields, setFields] = useState<Fields>(EMPTY)
  const [missing, setMissing] = useState(0)
  const set = (next: Partial<Fields>) => setFields({ ...fields, ...next })
  const rules = useCommand(addDraftRules, () => {
    setFields(EMPTY)
    props.onDone()
  })
  const made = props.draft.changes.flatMap(one =>
    one.kind === 'unit-create' ? [{ key: one.unit, name: one.name }] : [],
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (kind === 'yaml') {
      if (fields.text.trim() === '') return setMissing(missing + 1)
      const { id: draftId, version } = props.draft
      return rules.mutate({ params: { draftId }, body: { version, yaml: fields.text } })
    }
    const change = read(kind, fields)
    if (!change) return setMissing(missing + 1)
    setMissing(0)
    props.onAdd({ ...change, id: crypto.randomUUID().slice(0, 18) } as DraftChange, () => setFields(EMPTY))
  }
  const unit = (id: string, label: string, field: 'a' | 'b') => (
    <ChoicePicker
      id={id}
      kind="unit"
      label={label}
      value={fields[field]}
      made={made}
      onChange={v => set({ [field]: v })}
    />
  )
  const failure = rules.error ? problemOf(rules.error) : null
  const errors = [
    ...(missing > 0 ? [{ text: t('drafts.field.missing') }] : []),
    ...(props.error ? [{ text: props.error }] : []),
    ...(failure
      ? (failure.errors.length > 0 ? mistakes(failure) : [problemText(failure)]).map(text => ({ text }))
      : []),
  ]
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={12}>
        <ErrorSummary key={`${missing}${errors.length}`} errors={errors} />
        <NativeSelect
          label={t('drafts.addKind')}
          value={kind}
          onChange={event => {
            setKind(event.currentTarget.value as Kind)
            setFields(EMPTY)
            setMissing(0)
          }}
          data={KINDS.map(value => ({
            value,
            label: value === 'yaml' ? t('drafts.rulesYaml') : t(`drafts.kind.${value}`),
          }))}
        />
        {kind === 'unit-move' && (
          <>
            {unit('change-unit', t('drafts.field.unit'), 'a')}
            {unit('change-parent', t('drafts.field.parent'), 'b')}
          </>
        )}
        {kind === 'unit-create' && (
          <>
            <TextInput
              label={t('drafts.field.name')}
              value={fields.text}
              maxLength={200}
              onChange={event => set({ text: event.currentTarget.value })}
            />
            <TextInput
              label={t('drafts.field.unitKey')}
              description={t('drafts.field.unitKeyHint')}
              value={fields.key}
              maxLength={200}
              onChange={event => set({ key: event.currentTarget.value })}
            />
            <NativeSelect
              label={t('drafts.field.unitKind')}
              description={t('drafts.field.unitKindHint')}
              value={fields.unitKind}
              onChange={event => set({ unitKind: event.currentTarget.value as UnitKind })}
              data={NEW_KINDS.map(value => ({ value, label: t(`enum.unitKind.${value}`) }))}
            />
            {unit('change-parent', t('drafts.field.under'), 'a')}
          </>
        )}
        {kind === 'unit-rename' && (
          <>
            {unit('change-unit', t('drafts.field.unit'), 'a')}
            <TextInput
              label={t('drafts.field.name')}
              value={fields.text}
              maxLength={200}
              onChange={event => set({ text: event.currentTarget.value })}
            />
          </>
        )}
        {kind === 'unit-close' && unit('change-unit', t('drafts.field.unit'), 'a')}
        {kind === 'unit-merge' && (
          <>
            <Several
              id="change-units"
              kind="unit"
              label={t('drafts.field.units')}
              list={fields.list}
              onChange={list => set({ list })}
            />
            {unit('change-into', t('drafts.field.into'), 'b')}
          </>
        )}
        {kind === 'unit-split' && (
          <>
            {unit('change-unit', t('drafts.field.unit'), 'a')}
            <SplitParts parts={fields.parts} made={made} onChange={parts => set({ parts })} />
          </>
        )}
        {kind === 'title-change' && (
          <>
            <ChoicePicker
              id="change-title"
              kind="title"
              label={t('drafts.field.title')}
              value={fields.a}
              onChange={a => set({ a })}
            />
            <ChoicePicker
              id="change-new-title"
              kind="catalogue-title"
              label={t('drafts.field.newTitle')}
              value={fields.next[0] ?? null}
              onChange={one => set({ next: one ? [one] : [], text: '' })}
            />
            {fields.next.length === 0 && (
              <TextInput
                label={t('drafts.field.otherTitle')}
                value={fields.text}
                maxLength={200}
                onChange={event => set({ text: event.currentTarget.value })}
              />
            )}
            {unit('change-unit', t('drafts.field.onlyUnit'), 'b')}
          </>
        )}
        {kind === 'affiliations-move' && (
          <>
            <PeoplePicker list={fields.list} onChange={list => set({ list })} />
            {unit('change-into', t('drafts.field.into'), 'b')}
          </>
        )}
        {(kind === 'system-close' || kind === 'entitlement-retire') && (
          <>
            <ChoicePicker
              id="change-what"
              kind={kind === 'system-close' ? 'system' : 'entitlement'}
              label={t(kind === 'system-close' ? 'drafts.field.system' : 'drafts.field.entitlement')}
              value={fields.a}
              onChange={a => set({ a })}
            />
            <p className="meta">{t('drafts.closeHelp')}</p>
          </>
        )}
        {(kind === 'rule-retire' || kind === 'role-retire') && (
          <ChoicePicker
            id="change-what"
            kind={kind === 'rule-retire' ? 'rule' : 'role'}
            label={t(kind === 'rule-retire' ? 'drafts.field.rule' : 'drafts.field.role')}
            value={fields.a}
            onChange={a => set({ a })}
          />
        )}
        {(kind === 'rule-put' || kind === 'role-put') && (
          <ByForm
            draftId={props.draft.id}
            kind={kind === 'rule-put' ? 'rule' : 'role'}
            value={fields.a}
            onChange={a => set({ a })}
          />
        )}
        {kind === 'yaml' && (
          <Textarea
            label={t('drafts.field.yaml')}
            description={t('drafts.field.yamlHint')}
            rows={10}
            spellCheck={false}
            value={fields.text}
            onChange={event => set({ text: event.currentTarget.value })}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
        )}
        {kind === 'unit-map' && (
          <>
            <p className="meta">{t('drafts.map.help')}</p>
            <Adder
              id="map-old"
              label={t('drafts.map.addOld')}
              made={[]}
              onPick={one => set({ list: withOne(fields.list, one) })}
            />
            <Adder
              id="map-new"
              label={t('drafts.map.addNew')}
              made={made}
              onPick={one => set({ next: withOne(fields.next, one) })}
            />
            {fields.list.length + fields.next.length > 0 && (
              <UnitMap
                rows={fields.rows}
                old={fields.list.map(one => one.key)}
                next={fields.next.map(one => one.key)}
                nameOf={key => [...fields.list, ...fields.next].find(one => one.key === key)?.name ?? key}
                onChange={rows => set({ rows })}
              />
            )}
            <Checkbox
              label={t('drafts.map.carry')}
              checked={fields.carry}
              onChange={event => set({ carry: event.currentTarget.checked })}
            />
            <Checkbox
              label={t('drafts.map.translate')}
              checked={fields.translate}
              onChange={event => set({ translate: event.currentTarget.checked })}
            />
          </>
        )}
        {kind !== 'rule-put' && kind !== 'role-put' && (
          <Group gap={8}>
            <Button type="submit" loading={props.busy || rules.isPending}>
              {t('drafts.add')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}

/** A picker that empties itself: what it found goes into a list elsewhere. */
function Adder(props: { id: string; label: string; made: readonly Chosen[]; onPick: (one: Chosen) => void }) {
  return (
    <ChoicePicker
      id={props.id}
      kind="unit"
      label={props.label}
      value={null}
      made={props.made}
      onChange={one => one && props.onPick(one)}
    />
  )
}

/** The change that the fields say; null where something is missing. */
function read(kind: Exclude<Kind, 'yaml'>, fields: Fields): Bare | null {
  const { a, b, list, text, key, unitKind: ofKind, rows, next, parts, carry, translate } = fields
  const said = text.trim()
  switch (kind) {
    case 'unit-move':
      return a && b ? { kind, unit: a.key, parent: b.key } : null
    case 'unit-create':
      return a && said && key.trim() ? { kind, unit: key.trim(), name: said, unitKind: ofKind, parent: a.key } : null
    case 'unit-rename':
      return a && said ? { kind, unit: a.key, name: said } : null
    case 'unit-close':
      return a ? { kind, unit: a.key } : null
    case 'unit-merge':
      return b && list.length > 0 ? { kind, units: list.map(one => one.key), into: b.key } : null
    case 'unit-split': {
      const filled = parts.flatMap(readPart)
      return a && filled.length > 0 && filled.length === parts.filter(isBegun).length
        ? { kind, unit: a.key, parts: filled }
        : null
    }
    case 'title-change':
      return a && (next[0] || said) ? { kind, title: a.name, unit: b?.key ?? null, to: next[0]?.name ?? said } : null
    case 'affiliations-move':
      return b && list.length > 0 ? { kind, affiliations: list.map(one => one.key), into: b.key } : null
    case 'system-close':
      return a ? { kind, system: a.key } : null
    case 'entitlement-retire':
      return a ? { kind, entitlement: a.key } : null
    case 'rule-retire':
    case 'role-retire':
      return a ? { kind, key: a.key } : null
    // Written on a page of their own.
    case 'rule-put':
    case 'role-put':
      return null
    case 'unit-map':
      return rows.length > 0 ? { kind, rows: [...rows], carry, translate } : null
  }
}
