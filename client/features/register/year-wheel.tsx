import { UnstyledButton } from '@mantine/core'
import type { listActivities } from '#contract/activities.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import classes from './register.module.css'

/** Twelve months and what each brings; a month that is chosen narrows the list. What is late stands in the first. */
export function YearWheel(props: {
  wheel: ResponseOf<typeof listActivities>['wheel']
  chosen: string | undefined
  onChoose: (month: string | undefined) => void
}) {
  const { t, language } = useTexts()
  const name = (month: string) =>
    new Intl.DateTimeFormat(language === 'da' ? 'da-DK' : 'en-GB', {
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    }).format(new Date(`${month}-01T00:00:00Z`))
  return (
    <Card title={t('activities.wheel')}>
      <p className="meta">{t('activities.wheelHelp')}</p>
      <ul className={classes.wheel}>
        {props.wheel.map(({ month, attestations, followUps }) => (
          <li key={month}>
            <UnstyledButton
              className={classes.month}
              aria-pressed={props.chosen === month}
              onClick={() => props.onChoose(props.chosen === month ? undefined : month)}
            >
              <strong>{name(month)}</strong>
              {attestations > 0 && <div>{t('activities.wheelAttest', { count: attestations })}</div>}
              {followUps > 0 && <div>{t('activities.wheelFollow', { count: followUps })}</div>}
              {attestations + followUps === 0 && <span className="meta">{t('activities.wheelNothing')}</span>}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Card>
  )
}
