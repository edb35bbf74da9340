import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { SourceOptions } from '#contract/source-options.ts'
import { at, type Declaration, listAt, type Path, pointer, textAt } from './declaration.ts'

/** What every part of the form works on. `errors` are by JSON pointer, as the server names the place of a mistake. */
export type SourceForm = {
  value: Declaration
  set: (path: Path, next: unknown) => void
  errors: ReadonlyMap<string, string>
  options: SourceOptions
  isNew: boolean
}
type Props = { form: SourceForm; path: Path; label: string; hint?: string | undefined }

const common = ({ form, path, label, hint }: Props) => ({
  id: pointer(path),
  label,
  ...(hint ? { description: hint } : {}),
  error: form.errors.get(pointer(path)),
})

export function TextField(props: Props & { readOnly?: boolean; maxLength?: number }) {
  const { form, path } = props
  return (
    <TextInput
      {...common(props)}
      value={textAt(form.value, path)}
      readOnly={props.readOnly ?? false}
      maxLength={props.maxLength ?? 500}
      autoComplete="off"
      spellCheck={false}
      onChange={event => form.set(path, event.currentTarget.value || undefined)}
    />
  )
}

/** One line an entry, kept as a list. */
export function LinesField(props: Props & { rows?: number }) {
  const { form, path } = props
  return (
    <Textarea
      {...common(props)}
      value={listAt(form.value, path).join('\n')}
      rows={props.rows ?? 3}
      spellCheck={false}
      onChange={event => form.set(path, event.currentTarget.value === '' ? [] : event.currentTarget.value.split('\n'))}
    />
  )
}

/** A whole number, or nothing: then the default holds. What is out of range the server says. */
export function NumberField(props: Props) {
  const { form, path } = props
  return (
    <TextInput
      {...common(props)}
      inputMode="numeric"
      value={textAt(form.value, path)}
      maxLength={7}
      autoComplete="off"
      onChange={event => {
        const text = event.currentTarget.value.trim()
        form.set(path, text === '' ? undefined : /^\d+$/.test(text) ? Number(text) : text)
      }}
    />
  )
}

export function CheckField(props: Props) {
  const { form, path } = props
  return (
    <Checkbox
      {...common(props)}
      checked={at(form.value, path) === true}
      onChange={event => form.set(path, event.currentTarget.checked || undefined)}
    />
  )
}

/** An empty choice takes the setting away where `none` names it. */
export function ChoiceField(props: Props & { data: { value: string; label: string }[]; none?: string }) {
  const { form, path } = props
  const value = textAt(form.value, path)
  const known = value === '' || props.data.some(one => one.value === value)
  return (
    <NativeSelect
      {...common(props)}
      value={value}
      data={[
        ...(props.none === undefined ? [] : [{ value: '', label: props.none }]),
        ...(known ? [] : [{ value, label: value }]),
        ...props.data,
      ]}
      onChange={event => form.set(path, event.currentTarget.value || undefined)}
    />
  )
}
