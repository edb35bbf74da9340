import { Button, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReachSearch } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { Choice, FilterRow } from '../../ui/filters.tsx'
import { OperationChoice } from '../../ui/reach-said.tsx'
import classes from './reach.module.css'
import { type AskTerms, type Change, codesOf, textOf, useTermNames } from './reach-words.ts'
import { readQuestion, type Term } from './read-question.ts'

/** The ten-second question: two choices, or words. What was asked stands in the address. */
export function AskCard(props: { terms: AskTerms; search: ReachSearch; change: Change; units: Option[] }) {
  const { t, language } = useTexts()
  const names = useTermNames(props.terms)
  const [words, setWords] = useState('')
  const [said, setSaid] = useState<string | null>(null)
  const { search, change, terms } = props
  const [data, subjects] = [codesOf(search.data), codesOf(search.about)]
  const options = (list: readonly Term[], chosen: readonly string[]): Option[] => [
    // Several came with words: they are one choice more.
    ...(chosen.length > 1 ? [{ value: chosen.join(','), label: t('reach.several', { count: chosen.length }) }] : []),
    ...list.map(one => ({ value: one.code, label: language === 'da' ? one.da : one.en })),
  ]
  const ask = () => {
    const found = readQuestion(words, terms.data, terms.subjects)
    const lost = found.lost.length > 0 ? t('reach.lost', { words: found.lost.join(', ') }) : ''
    if (found.data.length + found.subjects.length === 0 && !found.operation) return setSaid(lost || null)
    const what = names.question(found)
    const understood = found.operation
      ? t('reach.understoodTo', { what, does: t(`reach.to.${found.operation}`) })
      : t('reach.understood', { what })
    setSaid([understood, lost].filter(Boolean).join(' '))
    announce(understood)
    change({
      ...{ data: textOf(found.data), about: textOf(found.subjects), how: undefined, unknown: undefined },
      // Figures of another day are kept without it.
      ...{ operation: found.operation, ...(found.operation ? { day: undefined } : {}) },
    })
  }
  return (
    <Card title={t('reach.ask')}>
      <form
        className={classes.ask}
        onSubmit={event => {
          event.preventDefault()
          ask()
        }}
      >
        <TextInput
          className={classes.words}
          type="search"
          label={t('reach.words')}
          placeholder={t('reach.wordsHint')}
          value={words}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          leftSection={<IconSearch size={16} aria-hidden />}
          onChange={event => setWords(event.currentTarget.value)}
        />
        <Button type="submit">{t('reach.find')}</Button>
      </form>
      <p role="status" className="meta">
        {said}
      </p>
      <FilterRow>
        <Choice
          label={t('reach.data')}
          all={t('reach.anyData')}
          value={search.data}
          options={options(terms.data, data)}
          onChange={data => change({ data, unknown: undefined })}
        />
        <Choice
          label={t('reach.subject')}
          all={t('reach.anySubject')}
          value={search.about}
          options={options(terms.subjects, subjects)}
          onChange={about => change({ about, unknown: undefined })}
        />
        {!terms.kept && <OperationChoice value={search.operation} onChange={operation => change({ operation })} />}
        {props.units.length > 0 && (
          <Choice
            label={t('reach.unit')}
            all={t('reach.allUnits')}
            value={search.unit}
            options={props.units}
            onChange={unit => change({ unit })}
          />
        )}
        {!terms.kept && (
          <Choice
            label={t('reach.system')}
            all={t('reach.allSystems')}
            value={search.system}
            options={systemsOf(terms, search)}
            onChange={system => change({ system })}
          />
        )}
        {(data.length > 0 || subjects.length > 0 || search.operation) && (
          <Button
            variant="default"
            onClick={() => {
              setSaid(null)
              change({ data: undefined, about: undefined, how: undefined, operation: undefined })
            }}
          >
            {t('reach.clear')}
          </Button>
        )}
      </FilterRow>
    </Card>
  )
}

type Option = { value: string; label: string }
const systemsOf = (terms: AskTerms, search: ReachSearch): Option[] => {
  const found = terms.systems.map(one => ({ value: one.id, label: one.name }))
  // One that reaches nothing any more is still what was chosen.
  return search.system && !found.some(one => one.value === search.system)
    ? [{ value: search.system, label: '…' }, ...found]
    : found
}
