import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { Expectation } from '#contract/announcements.ts'
import { planOp, recordKind } from '#contract/lists.ts'
import { fieldText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/form.module.css'
import { PartPicker } from './part-picker.tsx'

export type LineForm = {
  id: number
  kind: Expectation['kind']
  op: Expectation['op']
  part: string
  /** Name of the part that was picked; empty: `part` is a key as typed. */
  partName: string
  attribute: string
  from: string
  to: string
  least: string
  most: string
}

let made = 0
export const emptyLine = (): LineForm => ({
  id: ++made,
  kind: 'affiliation',
  op: 'change',
  part: '',
  partName: '',
  attribute: '',
  from: '',
  to: '',
  least: '',
  most: '',
})

/** As the server takes it; null where the numbers are none or the wrong way round. */
export function readLine(line: LineForm): Expectation | null {
  const whole = /^\d{1,7}$/
  const least = line.least.trim() || '0'
  const most = line.most.trim()
  if (!whole.test(least) || !whole.test(most) || Number(most) < 1 || Number(least) > Number(most)) return null
  const attribute = line.op === 'change' ? line.attribute || null : null
  return {
    kind: line.kind,
    op: line.op,
    part: line.part.trim() || null,
    attribute,
    from: attribute ? line.from.trim() || null : null,
    to: attribute ? line.to.trim() || null : null,
    least: Number(least),
    most: Number(most),
  }
}

/** Attributes of which whole years change at once; any other is announced as "any field". */
const attributes = [
  'unit',
  'payUnit',
  'title',
  'schoolClass',
  'manager',
  'endsOn',
  'name',
  'parent',
  'enabled',
  'email',
]

export function ExpectedLine(props: {
  line: LineForm
  /** Key of the chosen source; empty: none yet. */
  source: string
  place: number
  error: string | undefined
  onChange: (line: LineForm) => void
  onRemove: (() => void) | null
}) {
  const { t } = useTexts()
  const { line, place, onRemove } = props
  const change = (next: Partial<LineForm>) => props.onChange({ ...line, ...next })
  const text = (key: 'from' | 'to' | 'least' | 'most', label: string) => (
    <TextInput
      id={`${key}-${place}`}
      label={label}
      {...(key === 'least' && props.error ? { error: props.error } : {})}
      {...(key === 'least' || key === 'most' ? { inputMode: 'numeric' as const } : {})}
      value={line[key]}
      maxLength={200}
      autoComplete="off"
      onChange={event => change({ [key]: event.currentTarget.value })}
    />
  )
  return (
    <fieldset className={classes.set}>
      <legend>{t('expected.lineTitle', { n: place + 1 })}</legend>
      <div className={classes.fields}>
        <NativeSelect
          label={t('expected.kind')}
          value={line.kind}
          onChange={event => change({ kind: recordKind.parse(event.currentTarget.value), part: '', partName: '' })}
          data={recordKind.options.map(value => ({ value, label: t(`sync.record.${value}`) }))}
        />
        <NativeSelect
          label={t('expected.op')}
          value={line.op}
          onChange={event => change({ op: planOp.parse(event.currentTarget.value) })}
          data={planOp.options.map(value => ({ value, label: t(`sync.op.${value}`) }))}
        />
        {text('least', t('expected.least'))}
        {text('most', t('expected.most'))}
        <PartPicker
          id={`part-${place}`}
          source={props.source}
          kind={line.kind}
          part={line.part}
          name={line.partName}
          onChange={({ key, name }) => change({ part: key, partName: name })}
        />
        {line.op === 'change' && (
          <NativeSelect
            label={t('expected.attribute')}
            value={line.attribute}
            onChange={event => change({ attribute: event.currentTarget.value })}
            data={[
              { value: '', label: t('expected.anyAttribute') },
              ...attributes.map(value => ({ value, label: fieldText(t, value) })),
            ]}
          />
        )}
        {line.op === 'change' && line.attribute !== '' && text('from', t('expected.fromValue'))}
        {line.op === 'change' && line.attribute !== '' && text('to', t('expected.toValue'))}
      </div>
      {onRemove && (
        <Button variant="default" size="xs" onClick={onRemove}>
          {t('expected.removeLine', { n: place + 1 })}
        </Button>
      )}
    </fieldset>
  )
}
