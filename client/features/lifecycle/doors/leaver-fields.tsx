import { Checkbox, Textarea } from '@mantine/core'
import type { EndForm } from '#contract/lifecycle-forms.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { fieldId } from '../case-words.ts'
import { LastDayField } from '../day-field.tsx'
import classes from '../lifecycle.module.css'
import { PersonPick } from './person-pick.tsx'
import type { PartProps, Subject } from './subject.ts'

/** Everything held, by system, with what is seen and what should be. */
export function HeldRights(props: { subject: Subject | undefined }) {
  const { t } = useTexts()
  if (!props.subject) return <p className="meta">{t('doors.heldLater')}</p>
  const { held } = props.subject
  if (held.length === 0) return <p className="meta">{t('doors.heldNone')}</p>
  const systems = Map.groupBy(held, one => one.right.system.id)
  return (
    <ul className={classes.list}>
      {[...systems.values()].map(rows => (
        <li key={rows[0]?.right.system.id} className={classes.right}>
          <span className={classes.rightText}>
            <span className={classes.name}>{rows[0]?.right.system.name}</span>
            <ul className={classes.list}>
              {rows.map(row => (
                <li key={row.right.id} className="meta">
                  {row.right.name}
                  {!row.expected && ` (${t('doors.observedOnly')})`}
                  {!row.observed && ` (${t('doors.expectedOnly')})`}
                </li>
              ))}
            </ul>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Mailbox, drive, cases and equipment. */
export function LeftBehindFields(props: PartProps<EndForm>) {
  const { t } = useTexts()
  const { form, change, wrong } = props
  const { mailbox } = form
  const set = (next: Partial<EndForm>) => change({ ...form, ...next })
  const box = (next: Partial<EndForm['mailbox']>) => set({ mailbox: { ...mailbox, ...next } })
  const nameOf = (id: string | null) => props.people.find(one => one.id === id)?.name ?? null
  const things = (props.subject?.held ?? []).filter(one => one.class === 'kit')
  const returnOf = (entitlementId: string, toPersonId: string | null) =>
    set({
      returns: [
        ...form.returns.filter(one => one.entitlementId !== entitlementId),
        ...(toPersonId === null ? [] : [{ entitlementId, toPersonId }]),
      ],
    })
  // Who may read a representative's mailbox, HR alone says.
  const mayRead = props.hr || !mailbox.representative
  return (
    <>
      <Checkbox
        label={t('doors.representative')}
        checked={mailbox.representative}
        disabled={!props.hr}
        onChange={event => box({ representative: event.currentTarget.checked })}
      />
      <Textarea
        id={fieldId('mailbox/reply')}
        label={t('doors.reply')}
        value={mailbox.reply}
        rows={2}
        maxLength={1000}
        onChange={event => box({ reply: event.currentTarget.value })}
      />
      {mayRead && (
        <>
          <PersonPick
            where="mailbox/receiver"
            label={t('doors.receiver')}
            value={mailbox.receiver}
            name={nameOf(mailbox.receiver)}
            onChange={receiver => box({ receiver })}
          />
          {mailbox.readers.map((id, at) => (
            <PersonPick
              key={id}
              where={`mailbox/readers/${at}`}
              label={t('doors.reader')}
              value={id}
              name={nameOf(id)}
              onChange={() => box({ readers: mailbox.readers.filter(one => one !== id) })}
            />
          ))}
          {mailbox.readers.length < 5 && (
            <PersonPick
              key={`more${mailbox.readers.length}`}
              where="mailbox/readers"
              label={t('doors.reader')}
              value={null}
              name={null}
              onChange={id => id && box({ readers: [...new Set([...mailbox.readers, id])] })}
            />
          )}
        </>
      )}
      <LastDayField
        where="mailbox/until"
        label={t('doors.mailboxUntil')}
        hint={t('doors.mailboxHint')}
        value={mailbox.until}
        wrong={wrong}
        onChange={until => box({ until })}
      />
      <PersonPick
        where="driveTo"
        label={t('doors.driveTo')}
        value={form.driveTo}
        name={nameOf(form.driveTo)}
        onChange={driveTo => set({ driveTo })}
      />
      <PersonPick
        where="casesTo"
        label={t('doors.casesTo')}
        value={form.casesTo}
        name={nameOf(form.casesTo)}
        onChange={casesTo => set({ casesTo })}
      />
      <PersonPick
        where="equipmentTo"
        label={t('doors.equipmentTo')}
        value={form.equipmentTo}
        name={nameOf(form.equipmentTo)}
        onChange={equipmentTo => set({ equipmentTo })}
      />
      {things.length > 1 && (
        <details className={classes.fold}>
          <summary>{t('doors.equipmentEach')}</summary>
          <ul className={classes.list}>
            {things.map(({ right }) => {
              const taker = form.returns.find(one => one.entitlementId === right.id)?.toPersonId ?? null
              return (
                <li key={right.id}>
                  <PersonPick
                    where={`returns/${right.id}`}
                    label={t('doors.equipmentOf', { name: right.name })}
                    value={taker}
                    name={nameOf(taker)}
                    onChange={id => returnOf(right.id, id)}
                  />
                </li>
              )
            })}
          </ul>
        </details>
      )}
    </>
  )
}
