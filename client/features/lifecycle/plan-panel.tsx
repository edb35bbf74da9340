import { useQuery } from '@tanstack/react-query'
import type { ResponseOf } from '#contract/endpoint.ts'
import { type Missing, previewCase } from '#contract/lifecycle.ts'
import { call, type ProblemError } from '../../lib/call.ts'
import { dayOf } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { fieldId, missingText } from './case-words.ts'
import { PlanDays } from './plan-days.tsx'

/** The standing column: what is missing, and once nothing is, what sending does, worked out by doing it and taking it back. */
export function PlanPanel(props: {
  caseId: string | null
  /** It is being sent: there is nothing left to look ahead to. */
  paused: boolean
  version: number
  missing: readonly Missing[]
  onJump: (where: string) => void
}) {
  const { t } = useTexts()
  const { caseId, version, missing } = props
  const ready = caseId !== null && missing.length === 0
  const query = useQuery<ResponseOf<typeof previewCase>, ProblemError>({
    queryKey: [previewCase.id, caseId, version],
    queryFn: ({ signal }) => call(previewCase, { params: { caseId: caseId ?? '' }, signal }),
    enabled: ready && !props.paused,
    staleTime: 60_000,
    placeholderData: before => before,
  })
  return (
    <Card title={t('reports.plan.title')}>
      {missing.length > 0 ? (
        <>
          <p className="meta">{t('reports.missing.title')}</p>
          <ul className="error-links">
            {missing.map(one => (
              <li key={`${one.where}${one.what}`}>
                <a
                  className="link"
                  href={`#${fieldId(one.where)}`}
                  onClick={event => {
                    event.preventDefault()
                    props.onJump(one.where)
                  }}
                >
                  {missingText(t, one)}
                </a>
              </li>
            ))}
          </ul>
        </>
      ) : !ready ? (
        <p className="meta">{t('reports.plan.waiting')}</p>
      ) : query.isError && !query.data ? (
        <p className="meta" role="alert">
          {t('reports.plan.failed')}
        </p>
      ) : !query.data ? (
        <p className="meta" aria-busy="true">
          {t('reports.plan.working')}
        </p>
      ) : (
        <div aria-busy={query.isPlaceholderData || undefined}>
          <PlanDays plan={query.data.plan} today={dayOf(new Date().toISOString())} />
        </div>
      )}
    </Card>
  )
}
