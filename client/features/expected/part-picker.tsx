import { Button, TextInput, UnstyledButton } from '@mantine/core'
import { useEffect, useState } from 'react'
import { type Expectation, listParts } from '#contract/announcements.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/hits.module.css'

export type PickedPart = { key: string; name: string }

/**
 * The unit, system or group that an announcement is about: found by name among those that the source has. A key that
 * is not there yet (a unit that is to come) can be typed, and counts as it stands.
 */
export function PartPicker(props: {
  id: string
  source: string
  kind: Expectation['kind']
  part: string
  name: string
  onChange: (next: PickedPart) => void
}) {
  const { t, number } = useTexts()
  const { part, name } = props
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(part.trim()), 180)
    return () => clearTimeout(timer)
  }, [part])
  const searching = name === '' && props.source !== '' && asked.length > 1
  const query = useCall(
    listParts,
    { params: { sourceKey: props.source }, query: { kind: props.kind, text: asked } },
    { enabled: searching, keep: true },
  )
  const answer = searching ? query.data : undefined
  const pick = (next: PickedPart) => {
    props.onChange(next)
    // The button that was pressed is gone; the field stays.
    document.getElementById(props.id)?.focus()
  }
  if (name !== '')
    return (
      <div className={classes.picker}>
        <TextInput
          id={props.id}
          readOnly
          label={t('expected.part')}
          description={t('expected.partKey', { key: part })}
          value={name}
        />
        <div>
          <Button variant="default" size="xs" mt={6} onClick={() => pick({ key: '', name: '' })}>
            {t('expected.partOther')}
          </Button>
        </div>
      </div>
    )
  return (
    <div className={classes.picker}>
      <TextInput
        id={props.id}
        label={t('expected.part')}
        description={t(props.source === '' ? 'expected.partSourceFirst' : 'expected.partHint')}
        value={part}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onChange={event => props.onChange({ key: event.currentTarget.value, name: '' })}
      />
      {answer && answer.rows.length === 0 && (
        <p role="status" className="meta">
          {t('expected.partNone')}
        </p>
      )}
      {answer && answer.rows.length > 0 && (
        <ul className={classes.hits}>
          {answer.rows.map(row => (
            <li key={row.key}>
              <UnstyledButton className={classes.hit} onClick={() => pick({ key: row.key, name: row.name ?? row.key })}>
                <span>
                  {row.name ?? row.key}{' '}
                  <span className="meta">
                    {[
                      row.name === null ? null : row.key,
                      t('expected.partRecords', { count: row.records, n: number(row.records) }),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
