import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { proposeRights } from '#contract/lifecycle-desk.ts'
import { saveShiftTemplate } from '#contract/lifecycle-shift.ts'
import { problemOf } from '../../../lib/call.ts'
import { useCall, useCommand } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { announce } from '../../../ui/announcer.tsx'
import { Card } from '../../../ui/card.tsx'
import { WhoPicker } from '../../../ui/who-picker.tsx'
import { fieldId } from '../case-words.ts'
import classes from '../lifecycle.module.css'

type Chosen = { id: string; name: string }

/** What a substitute gets in a unit: for HR and its manager. */
export function ShiftTemplateForm() {
  const { t } = useTexts()
  const [unit, setUnit] = useState<Chosen | null>(null)
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const [rights, setRights] = useState<readonly Chosen[]>([])
  const found = useCall(
    proposeRights,
    { body: { kind: 'temp', unitId: unit?.id ?? '', title, on: null, hours: null, text } },
    { enabled: unit !== null && text.trim().length > 1, keep: true },
  )
  const save = useCommand(saveShiftTemplate, () => {
    announce(t('doors.shift.templateSaved'))
    setTitle('')
    setRights([])
  })
  const hits = text.trim().length > 1 ? (found.data?.found ?? []).filter(one => !one.privileged) : []
  return (
    <Card title={t('doors.shift.templates')}>
      <div className={classes.fields}>
        {unit === null ? (
          <WhoPicker
            id={fieldId('template/unit')}
            label={t('doors.shift.unit')}
            units
            noPeople
            onPick={who => setUnit({ id: who.id, name: who.name })}
          />
        ) : (
          <div className={classes.picked}>
            <span className={classes.name}>{unit.name}</span>
            <Button variant="default" size="xs" onClick={() => setUnit(null)}>
              {t('reports.affiliation.unitChange')}
            </Button>
          </div>
        )}
        <TextInput
          id={fieldId('template/title')}
          label={t('doors.shift.templateTitle')}
          value={title}
          maxLength={100}
          onChange={event => setTitle(event.currentTarget.value)}
        />
        <TextInput
          id={fieldId('template/rights')}
          type="search"
          label={t('doors.shift.templateRights')}
          value={text}
          disabled={unit === null}
          onChange={event => setText(event.currentTarget.value)}
        />
        <ul className={classes.list}>
          {rights.map(one => (
            <li key={one.id} className={classes.right}>
              <span className={classes.name}>{one.name}</span>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t('reports.rights.removeOf', { name: one.name })}
                onClick={() => setRights(rights.filter(other => other.id !== one.id))}
              >
                {t('reports.rights.remove')}
              </Button>
            </li>
          ))}
          {hits
            .filter(one => !rights.some(other => other.id === one.id))
            .map(one => {
              const name = `${one.system.name}: ${one.name}`
              return (
                <li key={one.id} className={classes.right}>
                  <span>{name}</span>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t('reports.rights.chooseOf', { name })}
                    onClick={() => setRights([...rights, { id: one.id, name }])}
                  >
                    {t('reports.rights.choose')}
                  </Button>
                </li>
              )
            })}
        </ul>
        {save.error && <p role="alert">{t(`problem.${problemOf(save.error).code}`)}</p>}
        <Button
          variant="default"
          disabled={unit === null || title.trim() === '' || rights.length === 0}
          loading={save.isPending}
          onClick={() =>
            unit &&
            save.mutate({ body: { unitId: unit.id, title: title.trim(), entitlementIds: rights.map(one => one.id) } })
          }
        >
          {t('doors.shift.templateSave')}
        </Button>
      </div>
    </Card>
  )
}
