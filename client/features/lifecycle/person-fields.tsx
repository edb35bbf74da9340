import { Button, Checkbox, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { findReported } from '#contract/lifecycle-desk.ts'
import type { HireForm } from '#contract/lifecycle-forms.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { fieldId } from './case-words.ts'
import { DayField } from './day-field.tsx'
import classes from './lifecycle.module.css'
import type { Draft, Saved } from './use-draft.ts'

type Known = ResponseOf<typeof findReported>['rows'][number]
export type FieldProps = {
  form: HireForm
  change: (next: HireForm) => void
  /** The text of what is wrong with a field, once it is time to say so. */
  wrong: (where: string) => string | undefined
}

/** Who: known ones are shown before anybody is made. What is typed here goes in bodies, never in an address. */
export function PersonFields(
  props: FieldProps & {
    saved: Saved | null
    caseId: string | null
    typeNumber: Draft['typeNumber']
    chosenName: string | null
  },
) {
  const { t } = useTexts()
  const { form, wrong } = props
  const { person } = form
  const [number, setNumber] = useState('')
  const [name, setName] = useState<string | null>(props.chosenName)
  const set = (next: Partial<HireForm['person']>) => props.change({ ...form, person: { ...person, ...next } })
  const asked = useSettled<BodyOf<typeof findReported>>({
    ...(digitsOf(number).length === 10 ? { cpr: digitsOf(number) } : {}),
    ...(person.familyName.length > 1 && person.givenName.length > 1
      ? { text: `${person.givenName.split(' ')[0]} ${person.familyName}` }
      : {}),
    ...(person.birthDate ? { birthDate: person.birthDate } : {}),
    ...(props.caseId ? { caseId: props.caseId } : {}),
  })
  const search = useCall(
    findReported,
    { body: asked },
    { enabled: person.personId === null && (asked.cpr !== undefined || asked.text !== undefined), keep: true },
  )
  const rows = asked.cpr === undefined && asked.text === undefined ? [] : (search.data?.rows ?? [])

  if (person.personId !== null)
    return (
      <div className={classes.picked}>
        <span className={classes.name}>
          {t('reports.person.chosen', { name: name ?? t('people.protectedPerson') })}
        </span>
        <Button variant="default" size="xs" onClick={() => set({ personId: null })}>
          {t('reports.person.another')}
        </Button>
      </div>
    )
  return (
    <>
      <div className={classes.pair}>
        <TextInput
          id={fieldId('person/cpr')}
          label={t('reports.person.number')}
          description={
            props.saved?.cprMasked
              ? t('reports.person.numberKept', { masked: props.saved.cprMasked })
              : t('reports.person.numberHint')
          }
          value={number}
          inputMode="numeric"
          autoComplete="off"
          maxLength={11}
          error={wrong('person/cpr')}
          onChange={event => {
            setNumber(event.currentTarget.value)
            props.typeNumber(event.currentTarget.value)
          }}
        />
        <DayField
          where="person/birthDate"
          label={t('reports.person.birthDate')}
          hint={t('reports.person.birthDateHint')}
          value={person.birthDate}
          onChange={birthDate => set({ birthDate })}
        />
      </div>
      {props.saved?.replacement && <p className="meta">{t('reports.person.replacement')}</p>}
      <div className={classes.pair}>
        <TextInput
          id={fieldId('person/givenName')}
          label={t('reports.person.givenName')}
          value={person.givenName}
          autoComplete="off"
          maxLength={100}
          error={wrong('person/givenName')}
          onChange={event => set({ givenName: event.currentTarget.value })}
        />
        <TextInput
          id={fieldId('person/familyName')}
          label={t('reports.person.familyName')}
          value={person.familyName}
          autoComplete="off"
          maxLength={100}
          error={wrong('person/familyName')}
          onChange={event => set({ familyName: event.currentTarget.value })}
        />
      </div>
      {rows.length > 0 && (
        <section className={classes.known} aria-label={t('reports.person.known')}>
          <p className={classes.name}>{t('reports.person.known')}</p>
          <p className="meta">{t('reports.person.knownHelp')}</p>
          <ul className={classes.list}>
            {rows.map(row => (
              <KnownRow
                key={row.id}
                row={row}
                onChoose={() => {
                  setName(row.name)
                  set({ personId: row.id })
                }}
              />
            ))}
          </ul>
        </section>
      )}
      {search.data?.sees === 'own' && asked.cpr !== undefined && (
        <p className="meta">{t('reports.person.hrClarifies')}</p>
      )}
      <Checkbox
        label={t('reports.person.protected')}
        checked={person.protected}
        onChange={event => set({ protected: event.currentTarget.checked })}
      />
    </>
  )
}

function KnownRow(props: { row: Known; onChoose: () => void }) {
  const { t } = useTexts()
  const { row } = props
  const by = { number: 'byNumber', 'name-and-birth-date': 'byNameAndBirthDate', name: 'byName' } as const
  const name = row.name ?? t('people.protectedPerson')
  return (
    <li className={classes.right}>
      <span className={classes.rightText}>
        <span className={classes.name}>{name}</span>{' '}
        <span className="meta">
          {[
            t(`reports.person.${by[row.by]}`),
            row.birthYear === null ? null : t('reports.person.born', { year: String(row.birthYear) }),
            row.title,
            row.unit,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t('reports.person.chooseOf', { name })}
        onClick={props.onChoose}
      >
        {t('reports.person.choose')}
      </Button>
    </li>
  )
}

const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** The same value a moment after it was last another one. */
function useSettled<T>(value: T): T {
  const text = JSON.stringify(value)
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 300)
    return () => clearTimeout(timer)
  }, [text])
  return JSON.parse(settled) as T
}
