import { Autocomplete, Button, Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type HireForm, type ReportedKind, reportedKind } from '#contract/lifecycle-forms.ts'
import { useTexts } from '../../texts/i18n.ts'
import { WhoPicker } from '../../ui/who-picker.tsx'
import { fieldId } from './case-words.ts'
import { DayField, LastDayField } from './day-field.tsx'
import classes from './lifecycle.module.css'
import type { FieldProps } from './person-fields.tsx'
import type { Saved } from './use-draft.ts'

const OUTSIDE: readonly ReportedKind[] = ['external', 'secondment', 'volunteer']

/** What the person is here, where, as what, and for how long. The manager follows from the unit. */
export function AffiliationFields(
  props: FieldProps & {
    saved: Saved | null
    titles: readonly string[]
    positionKnown: boolean | null
    sponsorName: string | null
    unitName: string | null
    /** The day is given: it is today. */
    today: string | null
  },
) {
  const { t } = useTexts()
  const { form, wrong } = props
  const { affiliation } = form
  const [sponsor, setSponsor] = useState(props.sponsorName)
  const [unitName, setUnitName] = useState(props.unitName)
  const [choosing, setChoosing] = useState(false)
  const set = (next: Partial<HireForm['affiliation']>) =>
    props.change({ ...form, affiliation: { ...affiliation, ...next } })
  const unit =
    affiliation.unitId === null ? null : props.saved?.unit?.id === affiliation.unitId ? props.saved.unit.name : unitName
  const manager = props.saved?.unit?.id === affiliation.unitId ? props.saved?.manager : null
  return (
    <>
      <NativeSelect
        id={fieldId('affiliation/kind')}
        label={t('reports.affiliation.kind')}
        value={affiliation.kind}
        data={reportedKind.options.map(value => ({ value, label: t(`reports.affiliation.kinds.${value}`) }))}
        onChange={event => set({ kind: event.currentTarget.value as ReportedKind })}
      />
      {affiliation.unitId !== null && !choosing ? (
        <div className={classes.picked}>
          <span className={classes.rightText}>
            <span className="meta">{t('reports.affiliation.unit')}</span>
            <div className={classes.name}>{unit}</div>
            <div className="meta">
              {manager
                ? t('reports.affiliation.manager', { name: manager.name ?? t('people.protectedPerson') })
                : props.saved && t('reports.affiliation.noManager')}
            </div>
            {wrong('affiliation/unitId') && <div role="alert">{wrong('affiliation/unitId')}</div>}
          </span>
          <Button id={fieldId('affiliation/unitId')} variant="default" size="xs" onClick={() => setChoosing(true)}>
            {t('reports.affiliation.unitChange')}
          </Button>
        </div>
      ) : (
        <WhoPicker
          id={fieldId('affiliation/unitId')}
          label={t('reports.affiliation.unitFind')}
          error={wrong('affiliation/unitId')}
          units
          noPeople
          onPick={who => {
            setUnitName(who.name)
            setChoosing(false)
            set({ unitId: who.id })
          }}
        />
      )}
      <Autocomplete
        id={fieldId('affiliation/title')}
        label={t('reports.affiliation.position')}
        description={
          props.positionKnown === false
            ? t('reports.affiliation.positionUnknown')
            : t('reports.affiliation.positionHint')
        }
        value={affiliation.title}
        data={[...new Set(props.titles)]}
        maxLength={200}
        error={wrong('affiliation/title')}
        onChange={title => set({ title })}
      />
      <div className={classes.pair}>
        <DayField
          where="affiliation/startsOn"
          label={t('reports.affiliation.startsOn')}
          value={affiliation.startsOn}
          readOnly={props.today !== null}
          wrong={wrong}
          onChange={startsOn => set({ startsOn })}
        />
        <LastDayField
          where="affiliation/endsOn"
          label={t('reports.affiliation.lastDay')}
          hint={t('reports.affiliation.lastDayHint')}
          value={affiliation.endsOn}
          wrong={wrong}
          onChange={endsOn => set({ endsOn })}
        />
        <NumberInput
          id={fieldId('affiliation/hours')}
          label={t('reports.affiliation.hours')}
          value={affiliation.hours ?? ''}
          min={0}
          max={60}
          decimalScale={2}
          decimalSeparator=","
          hideControls
          onChange={value => set({ hours: typeof value === 'number' ? value : null })}
        />
      </div>
      <Checkbox
        label={t('reports.affiliation.hourlyPaid')}
        checked={affiliation.hourlyPaid}
        onChange={event => set({ hourlyPaid: event.currentTarget.checked })}
      />
      {OUTSIDE.includes(affiliation.kind) && (
        <>
          <TextInput
            id={fieldId('affiliation/organisation')}
            label={t('reports.affiliation.organisation')}
            value={affiliation.organisation}
            maxLength={200}
            onChange={event => set({ organisation: event.currentTarget.value })}
          />
          {affiliation.sponsorPersonId === null ? (
            <WhoPicker
              id={fieldId('affiliation/sponsorPersonId')}
              label={t('reports.affiliation.sponsorFind')}
              hint={t('reports.affiliation.sponsorHint')}
              error={wrong('affiliation/sponsorPersonId')}
              onPick={who => {
                setSponsor(who.name)
                set({ sponsorPersonId: who.id })
              }}
            />
          ) : (
            <div className={classes.picked}>
              <span className={classes.rightText}>
                <span className="meta">{t('reports.affiliation.sponsor')}</span>
                <div className={classes.name}>{sponsor ?? t('people.protectedPerson')}</div>
                {wrong('affiliation/sponsorPersonId') && <div role="alert">{wrong('affiliation/sponsorPersonId')}</div>}
              </span>
              <Button
                id={fieldId('affiliation/sponsorPersonId')}
                variant="default"
                size="xs"
                onClick={() => set({ sponsorPersonId: null })}
              >
                {t('reports.person.another')}
              </Button>
            </div>
          )}
        </>
      )}
    </>
  )
}
