import { Button, NativeSelect } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTexts } from '../../../texts/i18n.ts'
import { ruleWords } from '../content-words.ts'
import classes from '../register.module.css'
import { newRow, type Row, type Rule } from './draft.ts'
import { TermChoice } from './term-list.tsx'

/** The coupling: who, which data, to whom, erased when. Ctrl+Enter adds a row like the one it is pressed in. */
export function RowsFields(props: { rows: Row[]; retention: Rule[]; onChange: (rows: Row[]) => void }) {
  const texts = useTexts()
  const { t } = texts
  const { rows, onChange } = props
  const goTo = useRef<number | null>(null)
  useEffect(() => {
    if (goTo.current === null) return
    document.getElementById(`row-${goTo.current}-data`)?.focus()
    goTo.current = null
  })
  const put = (at: number, next: Partial<Row>) =>
    onChange(rows.map((one, place) => (place === at ? { ...one, ...next } : one)))
  const more = (at: number) => {
    const like = rows[at]
    goTo.current = at + 1
    onChange([...rows.slice(0, at + 1), like ? { ...like } : newRow(), ...rows.slice(at + 1)])
  }
  const keys = (event: KeyboardEvent, at: number) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    more(at)
  }
  const label = (at: number, column: 'subject' | 'data' | 'recipient' | 'erasure') =>
    `${t('activityForm.row', { number: at + 1 })}: ${t(`activity.rowColumns.${column}`)}`
  return (
    <div className={classes.main}>
      <p className="meta">{t('activityForm.rowsHint')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than a telephone is scrolled by the keyboard too */}
      <section className={classes.scroll} aria-label={t('activity.rows')} tabIndex={0}>
        <table className={classes.rows} aria-label={t('activity.rows')}>
          <thead>
            <tr>
              {(['subject', 'data', 'recipient', 'erasure'] as const).map(column => (
                <th key={column} scope="col" style={{ width: column === 'subject' ? '22%' : '24%' }}>
                  {t(`activity.rowColumns.${column}`)}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name
              <tr key={at} onKeyDown={event => keys(event, at)}>
                <td>
                  <TermChoice
                    hideLabel
                    kind="subject"
                    id={`row-${at}-subject`}
                    label={label(at, 'subject')}
                    value={row.subject || null}
                    onChange={subject => put(at, { subject: subject ?? '' })}
                  />
                </td>
                <td>
                  <TermChoice
                    hideLabel
                    kind="data"
                    id={`row-${at}-data`}
                    label={label(at, 'data')}
                    value={row.data || null}
                    onChange={data => put(at, { data: data ?? '' })}
                  />
                </td>
                <td>
                  <TermChoice
                    hideLabel
                    kind="recipient"
                    label={label(at, 'recipient')}
                    none={t('activity.noRecipient')}
                    value={row.recipient}
                    onChange={recipient => put(at, { recipient })}
                  />
                </td>
                <td>
                  <NativeSelect
                    aria-label={label(at, 'erasure')}
                    value={row.erasure ?? ''}
                    data={[
                      { value: '', label: t('activity.noErasure') },
                      ...props.retention.map((rule, place) => ({
                        value: rule.key,
                        label: rule.startEvent ? ruleWords(texts, rule) : t('activityForm.rule', { number: place + 1 }),
                      })),
                    ]}
                    onChange={event => put(at, { erasure: event.currentTarget.value || null })}
                  />
                </td>
                <td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`${t('activityForm.remove')}: ${t('activityForm.row', { number: at + 1 })}`}
                    onClick={() => onChange(rows.filter((_, place) => place !== at))}
                  >
                    {t('activityForm.remove')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div>
        <Button size="xs" variant="default" onClick={() => more(rows.length - 1)}>
          {t('activityForm.addRow')}
        </Button>
      </div>
    </div>
  )
}
