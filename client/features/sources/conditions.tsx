import { Button, CloseButton, TextInput } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { at, type Path, pointer } from './declaration.ts'
import type { SourceForm } from './fields.tsx'
import classes from './sources.module.css'

/**
 * Which entries a translation is for, or (`optional`) which it leaves out: fields with the values that one of must fit.
 * Written as the sources file has it, `{ objectClass: user, accountType: [a, b] }`.
 */
export function Conditions(props: { form: SourceForm; path: Path; optional?: boolean }) {
  const { t } = useTexts()
  const { form, path, optional = false } = props
  const given = (at(form.value, path) ?? {}) as Record<string, unknown>
  const lines = Object.entries(given)
  const id = pointer(path)
  const write = (next: [string, unknown][]) =>
    form.set(path, optional && next.length === 0 ? undefined : Object.fromEntries(next))
  // Two of one name would be one: the second waits until it has another.
  const rename = (place: number, name: string) => {
    if (!lines.some(([other], at) => other === name && at !== place))
      write(lines.map((line, at) => (at === place ? [name, line[1]] : line)))
  }
  return (
    <fieldset className={classes.conditions} id={id}>
      <legend>{t(optional ? 'sources.unless' : 'sources.match')}</legend>
      {lines.length > 0 && <p className="dim">{t('sources.matchHint')}</p>}
      {lines.map(([name, value], place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name is being written
        <div key={place} className={classes.condition}>
          <TextInput
            label={t('sources.matchAttribute')}
            value={name}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            onChange={event => rename(place, event.currentTarget.value)}
          />
          <TextInput
            id={`${id}/${name}`}
            label={t('sources.matchValue')}
            error={form.errors.get(`${id}/${name}`) ?? (place === 0 ? form.errors.get(id) : undefined)}
            value={Array.isArray(value) ? value.join(' | ') : String(value)}
            maxLength={1000}
            autoComplete="off"
            spellCheck={false}
            onChange={event => {
              const text = event.currentTarget.value
              const next = text.includes('|') ? text.split('|').map(one => one.trim()) : text
              write(lines.map((line, at) => (at === place ? [line[0], next] : line)))
            }}
          />
          {(optional || lines.length > 1) && (
            <CloseButton
              aria-label={t('sources.removeMatch', { name })}
              onClick={() => write(lines.filter((_, at) => at !== place))}
            />
          )}
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          disabled={lines.some(([name]) => name === '')}
          onClick={() => write([...lines, [lines.length === 0 ? 'objectClass' : '', '']])}
        >
          {t(optional ? 'sources.addUnless' : 'sources.addMatch')}
        </Button>
      </div>
    </fieldset>
  )
}
