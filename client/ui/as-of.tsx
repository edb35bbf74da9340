import { Button, Popover, TextInput } from '@mantine/core'
import { IconArrowBackUp, IconCalendarTime } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../texts/i18n.ts'
import classes from './as-of.module.css'
import { KnownField } from './known-field.tsx'
import { StaleThen } from './stale-then.tsx'

export type Dates = { asOf: string | undefined; known: string | undefined }

/** "Pr. dato": which day to look at and, for those who ask, what was known on another day. */
export function AsOfControl(props: Dates & { today: string; onChange: (next: Dates) => void }) {
  const { t, date } = useTexts()
  const [open, setOpen] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const asOf = String(form.get('asOf') ?? '')
    const known = String(form.get('known') ?? '')
    setOpen(false)
    props.onChange({
      asOf: asOf && asOf !== props.today ? asOf : known ? asOf || props.today : undefined,
      known: known || undefined,
    })
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" trapFocus withRoles={false}>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendarTime size={18} aria-hidden />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {props.asOf ? `${t('person.asOf')}: ${date(props.asOf)}` : t('person.asOfToday')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit} className={classes.form}>
          <TextInput
            type="date"
            name="asOf"
            label={t('person.asOf')}
            defaultValue={props.asOf ?? props.today}
            max={props.today}
            required
            withAsterisk={false}
          />
          <KnownField known={props.known} today={props.today} />
          <Button type="submit">{t('person.asOfShow')}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

export function AsOfBanner(props: Dates & { onBack: () => void }) {
  const { t, longDate } = useTexts()
  if (!props.asOf) return null
  return (
    <div className={classes.banner} role="status">
      <IconCalendarTime size={18} aria-hidden />
      <span>
        {props.known
          ? t('person.asOfKnownBanner', { date: longDate(props.asOf), known: longDate(props.known) })
          : t('person.asOfBanner', { date: longDate(props.asOf) })}
      </span>
      <StaleThen asOf={props.asOf} known={props.known} />
      <Button
        variant="default"
        size="xs"
        className="no-print"
        leftSection={<IconArrowBackUp size={16} aria-hidden />}
        onClick={props.onBack}
      >
        {t('person.asOfBack')}
      </Button>
    </div>
  )
}
