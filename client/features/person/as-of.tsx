import { Button, Popover, TextInput } from '@mantine/core'
import { IconArrowBackUp, IconCalendarTime, IconCheck, IconMinus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getPersonAsOf } from '#contract/people.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './as-of.module.css'

type Dates = { asOf: string | undefined; known: string | undefined }

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
          <TextInput
            type="date"
            name="known"
            label={t('person.asOfKnown')}
            description={t('person.asOfKnownHelp')}
            defaultValue={props.known ?? ''}
            max={props.today}
          />
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

type AsOfRight = ResponseOf<typeof getPersonAsOf>['rights'][number]

export function AsOfView(props: { personId: string; asOf: string; known: string | undefined }) {
  const { t, date } = useTexts()
  const query = useCall(getPersonAsOf, {
    params: { personId: props.personId },
    query: { valid: props.asOf, ...(props.known ? { known: props.known } : {}) },
  })
  const mark = (yes: boolean) =>
    yes ? (
      <Status tone="ok" icon={IconCheck} plain>
        {t('do.yes')}
      </Status>
    ) : (
      <Status tone="quiet" icon={IconMinus} plain>
        {t('do.no')}
      </Status>
    )
  const columns: Column<AsOfRight>[] = [
    { key: 'right', label: t('person.columns.right'), cell: row => <b style={{ fontWeight: 550 }}>{row.name}</b> },
    { key: 'system', label: t('people.system'), cell: row => row.system },
    { key: 'expected', label: t('person.asOfExpected'), cell: row => mark(row.expected) },
    { key: 'observed', label: t('person.asOfObserved'), cell: row => mark(row.observed) },
  ]
  return (
    <Answer query={query}>
      {answer => (
        <div className={classes.view}>
          <Card title={t('person.affiliationTitle')}>
            {answer.affiliations.length === 0 ? (
              <p className="dim">{t('person.asOfNobody')}</p>
            ) : (
              <ul className={classes.list}>
                {answer.affiliations.map(one => (
                  <li key={one.id}>
                    <b>{one.title ?? t(`enum.affiliation.${one.kind}`)}</b>
                    {one.unit && `, ${one.unit.name}`}{' '}
                    <span className="meta">{one.startsOn && t('person.periodOpen', { from: date(one.startsOn) })}</span>
                  </li>
                ))}
              </ul>
            )}
          </Card>
          <DataTable
            caption={t('person.asOfCaption')}
            columns={columns}
            rows={answer.rights}
            rowKey={row => row.key}
            empty={<Empty title={t('person.asOfEmpty')} help={t('person.asOfEmptyHelp')} />}
          />
        </div>
      )}
    </Answer>
  )
}
