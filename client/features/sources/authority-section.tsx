import { Button, NativeSelect, TextInput } from '@mantine/core'
import { fieldText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import { at } from './declaration.ts'
import type { SourceForm } from './fields.tsx'
import classes from './sources.module.css'

type Weights = Record<string, unknown>

/** How much a source's word weighs against others', as a whole and for single fields. */
export function AuthoritySection(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const given = at(form.value, ['authority'])
  const weights: Weights = typeof given === 'object' && given ? (given as Weights) : { default: given ?? 10 }
  const { default: base, ...single } = weights
  const names = [...new Set(form.options.records.flatMap(one => one.attributes.map(field => field.name)))]
  const sorted = (list: string[]) => list.sort((a, b) => fieldText(t, a).localeCompare(fieldText(t, b)))
  const free = sorted(names.filter(name => !(name in single)))
  const number = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : text)
  const write = (next: Weights) =>
    form.set(['authority'], Object.keys(next).length === 1 ? (next.default === 10 ? undefined : next.default) : next)
  return (
    <div className="stack">
      <div className={classes.fields}>
        <TextInput
          id="/authority"
          label={t('sources.authority')}
          description={t('sources.authorityHint')}
          error={form.errors.get('/authority')}
          inputMode="numeric"
          value={String(base ?? '')}
          maxLength={4}
          onChange={event => write({ default: number(event.currentTarget.value), ...single })}
        />
      </div>
      {Object.entries(single).map(([name, weight], place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: under another field it is still the same row, and the focus stays in it
        <div key={place} className={classes.fields}>
          <NativeSelect
            label={t('sources.authorityField')}
            value={name}
            data={sorted([name, ...free]).map(value => ({ value, label: fieldText(t, value) }))}
            onChange={event => {
              const { [name]: _gone, ...others } = single
              write({ default: base, ...others, [event.currentTarget.value]: weight })
            }}
          />
          <TextInput
            id={`/authority/${name}`}
            label={`${t('sources.authority')}: ${fieldText(t, name)}`}
            error={form.errors.get(`/authority/${name}`)}
            inputMode="numeric"
            value={String(weight ?? '')}
            maxLength={4}
            onChange={event => write({ default: base, ...single, [name]: number(event.currentTarget.value) })}
          />
          <div>
            <Button
              variant="default"
              size="xs"
              onClick={() => {
                const { [name]: _gone, ...others } = single
                write({ default: base, ...others })
              }}
            >
              {t('sources.removeAuthority', { field: fieldText(t, name) })}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => free[0] && write({ default: base, ...single, [free[0]]: base })}
        >
          {t('sources.authorityFor')}
        </Button>
      </div>
    </div>
  )
}
