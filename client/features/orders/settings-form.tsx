import { Fieldset, NativeSelect, SimpleGrid, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import { type Field, linesOf, pairsOf, pairsText, type Settings, withValue } from './settings-schema.ts'

type Props = {
  fields: readonly Field[]
  value: Settings
  /** By the name of the setting, as the server names the place of a mistake. */
  errors: ReadonlyMap<string, string>
  onChange: (value: Settings) => void
}

/** The settings of a connector, made from their schema: a connector that comes tomorrow has its form. */
export function SettingsForm(props: Props) {
  const { t } = useTexts()
  const usual = props.fields.filter(field => field.needed || field.name in props.value)
  const [shown] = useState(() => new Set(usual.map(field => field.name)))
  const first = props.fields.filter(field => field.needed || shown.has(field.name))
  const fewer = props.fields.filter(field => !first.includes(field))
  // What exactly is wrong the schema says, in English.
  const wrong = (message: string | undefined): ReactNode =>
    message && (
      <>
        {t('connectors.wrong')} <span lang="en">({message})</span>
      </>
    )
  const one = (field: Field) => (
    <OneField
      key={field.name}
      field={field}
      value={props.value[field.name]}
      error={wrong(props.errors.get(field.name))}
      onChange={next => props.onChange(withValue(props.value, field.name, next))}
    />
  )
  return (
    <Stack gap={16}>
      {first.map(one)}
      {fewer.length > 0 && first.length > 0 ? (
        <details open={fewer.some(field => props.errors.has(field.name))}>
          <summary>{t('connectors.fewer')}</summary>
          <Stack gap={16} mt={12}>
            {fewer.map(one)}
          </Stack>
        </details>
      ) : (
        fewer.map(one)
      )}
    </Stack>
  )
}

type One = { field: Field; value: unknown; error: ReactNode; onChange: (value: unknown) => void }

function OneField({ field, value, error, onChange }: One) {
  const { all } = useTexts()
  const { field: labels, hint: hints, option: options } = all.connectors
  const label = labels[field.name as keyof typeof labels] ?? field.name
  const hint = hints[field.name as keyof typeof hints]
  const common = { label, error, required: field.needed, ...(hint ? { description: hint } : {}) }
  const given = value ?? field.fallback
  switch (field.is) {
    case 'yes-no':
      return (
        <Switch
          label={label}
          {...(hint ? { description: hint } : {})}
          error={error}
          checked={given === true}
          onChange={event => onChange(event.currentTarget.checked)}
        />
      )
    case 'one-of':
      return (
        <NativeSelect
          {...common}
          value={String(given ?? '')}
          data={[
            ...(given === undefined ? [{ value: '', label: '' }] : []),
            ...field.options.map(one => ({ value: one, label: options[one as keyof typeof options] ?? one })),
          ]}
          onChange={event => onChange(event.currentTarget.value)}
        />
      )
    case 'secret':
      return <SecretField label={label} value={value} error={error} required={field.needed} onChange={onChange} />
    case 'lines':
      return (
        <LinesField
          {...common}
          text={(given as string[] | undefined)?.join('\n') ?? ''}
          read={linesOf}
          onChange={onChange}
        />
      )
    case 'pairs':
      return <LinesField {...common} text={pairsText(given)} read={pairsOf} onChange={onChange} />
    case 'part': {
      const part = (given ?? {}) as Settings
      return (
        <Fieldset legend={label}>
          <Stack gap={12}>
            {hint && <p className="meta">{hint}</p>}
            {field.fields.map(inner => (
              <OneField
                key={inner.name}
                field={inner}
                value={part[inner.name]}
                error={error}
                onChange={next => onChange(withValue(part, inner.name, next))}
              />
            ))}
          </Stack>
        </Fieldset>
      )
    }
    default:
      return (
        <TextInput
          {...common}
          value={String(given ?? '')}
          inputMode={field.is === 'number' ? 'numeric' : 'text'}
          maxLength={400}
          autoComplete="off"
          spellCheck={false}
          onChange={event => {
            const text = event.currentTarget.value
            onChange(field.is === 'number' && /^\d{1,6}$/.test(text) ? Number(text) : text)
          }}
        />
      )
  }
}

/** The text as it is written, with what is half a line; what is read from it goes on. */
function LinesField(props: {
  label: string
  description?: string
  error: ReactNode
  required: boolean
  text: string
  read: (text: string) => unknown
  onChange: (value: unknown) => void
}) {
  const { text, read, onChange, ...common } = props
  const [written, setWritten] = useState(text)
  return (
    <Textarea
      {...common}
      value={written}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
      onChange={event => {
        setWritten(event.currentTarget.value)
        onChange(read(event.currentTarget.value))
      }}
    />
  )
}

function SecretField(props: {
  label: string
  value: unknown
  error: ReactNode
  required: boolean
  onChange: (value: unknown) => void
}) {
  const { t } = useTexts()
  const ref = (props.value ?? {}) as { env?: string; file?: string }
  const [from, setFrom] = useState<'env' | 'file'>(ref.file === undefined ? 'env' : 'file')
  const name = ref[from] ?? ''
  const change = (place: 'env' | 'file', text: string) => props.onChange(text === '' ? undefined : { [place]: text })
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={12}>
      <NativeSelect
        label={t('connectors.secretFrom', { what: props.label })}
        value={from}
        data={[
          { value: 'env', label: t('connectors.fromVariable') },
          { value: 'file', label: t('connectors.fromFile') },
        ]}
        onChange={event => {
          const place = event.currentTarget.value as 'env' | 'file'
          setFrom(place)
          change(place, name)
        }}
      />
      <TextInput
        label={t('connectors.secretName', { what: props.label })}
        description={t('connectors.secretHint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={name}
        error={props.error}
        required={props.required}
        autoComplete="off"
        spellCheck={false}
        onChange={event => change(from, event.currentTarget.value.trim())}
      />
    </SimpleGrid>
  )
}
