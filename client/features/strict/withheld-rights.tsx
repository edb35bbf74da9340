import { Button } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getPerson } from '#contract/people.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'

const EmergencyDialog = lazy(async () => ({ default: (await import('./emergency-dialog.tsx')).EmergencyDialog }))

type Person = ResponseOf<typeof getPerson>
type Right = Person['withheld'][number]

/** What somebody would have and does not, since its system is strict and nobody has said what it is for. */
export function WithheldRights({ page }: { page: Person }) {
  const { t, day, instant } = useTexts()
  const may = useMay()
  const [giving, setGiving] = useState<Right | null>(null)
  if (page.withheld.length === 0) return null
  return (
    <Card title={t('person.withheld.title')} tone="wait">
      <p>{t('person.withheld.help')}</p>
      <ul>
        {page.withheld.map(one => (
          <li key={`${one.affiliationId} ${one.entitlementId}`}>
            {one.system.name}: {one.name}{' '}
            <span className="meta">
              {one.emergencyUntil
                ? t('person.withheld.until', { when: instant(one.emergencyUntil) })
                : t('person.withheld.since', { date: day(one.since) })}
            </span>{' '}
            {!page.self && one.emergency && one.emergencyUntil === null && may('emergency-access.use') && (
              <Button
                size="compact-xs"
                variant="default"
                className="no-print"
                aria-label={`${t('emergency.give')}: ${one.name}`}
                onClick={() => setGiving(one)}
              >
                {t('emergency.give')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {giving && (
        <Suspense>
          <EmergencyDialog
            affiliationId={giving.affiliationId}
            entitlementId={giving.entitlementId}
            right={`${giving.system.name}: ${giving.name}`}
            person={page.person.name}
            onClose={() => setGiving(null)}
          />
        </Suspense>
      )}
    </Card>
  )
}
