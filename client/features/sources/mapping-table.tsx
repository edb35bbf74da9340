import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { recordKind } from '#contract/lists.ts'
import { fieldText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import { at, type Path, pointer } from './declaration.ts'
import type { SourceForm } from './fields.tsx'
import { fromOf, partsOf, type Rule, renamed, type Word, withFrom } from './mapping-rule.ts'
import classes from './sources.module.css'
import { TransformDialog } from './transform-dialog.tsx'

type Kind = (typeof recordKind.options)[number]

/** Which field of ours comes from which of theirs, and what is done to it on the way. */
export function MappingTable(props: { form: SourceForm; path: Path; kind: string; word: Word }) {
  const { t } = useTexts()
  const { form, path, word } = props
  const [open, setOpen] = useState<string | null>(null)
  const map = (at(form.value, path) ?? {}) as Record<string, Rule>
  const attributes = form.options.records.find(one => one.kind === props.kind)?.attributes ?? []
  const free = attributes.filter(one => !(one.name in map))
  const what = t(`sync.record.${props.kind as Kind}`, { defaultValue: props.kind })
  const label = (name: string) => {
    const needed = attributes.find(one => one.name === name)?.required
    return needed ? `${fieldText(t, name)} (${t('sources.required')})` : fieldText(t, name)
  }
  // Always in the same order: an arrow key on the closed list goes on to the next, and never back and forth.
  const choices = (current: string) => [
    ...(attributes.some(one => one.name === current) ? [] : [{ value: current, label: label(current) }]),
    ...attributes
      .filter(one => one.name === current || !(one.name in map))
      .map(one => ({ value: one.name, label: label(one.name) })),
  ]
  const add = () => {
    const next = free.find(one => one.required) ?? free[0]
    if (next) form.set([...path, next.name], '')
  }
  return (
    <>
      <section
        className={classes.map}
        id={pointer(path)}
        aria-label={t('sources.mapCaption', { what: what.toLowerCase() })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that may be wider than its box has to be scrolled by keys
        tabIndex={0}
      >
        <table>
          <caption>{t('sources.mapCaption', { what: what.toLowerCase() })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('sources.target')}</th>
              <th scope="col">{t('sources.from')}</th>
              <th scope="col">{t('sources.transform')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {Object.entries(map).map(([name, rule], place) => {
              const field = fieldText(t, name)
              const parts = partsOf(rule)
              const done =
                parts.length === 0
                  ? t('sources.transformNone')
                  : parts.map(part => t(`sources.transforms.${part}`)).join(', ')
              const error = form.errors.get(pointer([...path, name]))
              return (
                // Under another name it is still the same row, and the focus stays in it.
                // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
                <tr key={place}>
                  <th scope="row">
                    <NativeSelect
                      aria-label={`${t('sources.target')}: ${field}`}
                      value={name}
                      data={choices(name)}
                      onChange={event => form.set(path, renamed(map, name, event.currentTarget.value))}
                    />
                  </th>
                  <td>
                    <TextInput
                      id={pointer([...path, name])}
                      aria-label={`${t('sources.from')}: ${field}`}
                      value={fromOf(rule)}
                      error={error}
                      maxLength={200}
                      autoComplete="off"
                      spellCheck={false}
                      onChange={event => form.set([...path, name], withFrom(rule, event.currentTarget.value, word))}
                    />
                  </td>
                  <td>
                    <Button
                      variant="default"
                      size="xs"
                      aria-haspopup="dialog"
                      aria-label={`${done}, ${t('sources.editTransform', { field })}`}
                      onClick={() => setOpen(name)}
                    >
                      {done}
                    </Button>
                  </td>
                  <td>
                    <ActionIcon
                      variant="default"
                      aria-label={t('sources.removeField', { field })}
                      onClick={() => form.set([...path, name], undefined)}
                    >
                      <IconTrash size={16} aria-hidden />
                    </ActionIcon>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
      {form.errors.get(pointer(path)) && <p className={classes.wrong}>{form.errors.get(pointer(path))}</p>}
      {free.length > 0 && (
        <div>
          <Button variant="default" size="xs" onClick={add}>
            {t('sources.addField')}
          </Button>
        </div>
      )}
      {open !== null && map[open] !== undefined && (
        <TransformDialog
          field={fieldText(t, open)}
          rule={map[open]}
          word={word}
          onClose={() => setOpen(null)}
          onSave={rule => {
            form.set([...path, open], rule)
            setOpen(null)
          }}
        />
      )}
    </>
  )
}
