import {
  confirmAffiliationMatch,
  getAffiliationMatch,
  rejectAffiliationMatch,
  searchAffiliationMatches,
  undoAffiliationMatch,
} from '#contract/affiliation-matches.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { useProblemText } from '../../ui/problem-text.ts'
import { Answer } from '../../ui/states.tsx'
import { MatchDetail } from './match-detail.tsx'

/** Payroll rows that are, or may be, the employment of a report, settled where the report is read. */
export function CaseMatches(props: { affiliationId: string }) {
  const { t } = useTexts()
  const list = useCall(searchAffiliationMatches, {
    body: { state: 'all', affiliationId: props.affiliationId, limit: 10 },
  })
  const rows = (list.data?.rows ?? []).filter(row => row.state !== 'different')
  if (rows.length === 0) return null
  return (
    <section aria-labelledby="case-matches">
      <h2 id="case-matches">{t('caseValues.settle')}</h2>
      <p className="meta">{t('caseValues.settleHelp')}</p>
      {rows.map(row => (
        <OneMatch key={row.id} id={row.id} />
      ))}
    </section>
  )
}

function OneMatch({ id }: { id: string }) {
  const { t } = useTexts()
  const problemText = useProblemText()
  const query = useCall(getAffiliationMatch, { params: { matchId: id } })
  const done = () => announce(t('matching.done'))
  const same = useCommand(confirmAffiliationMatch, done)
  const different = useCommand(rejectAffiliationMatch, done)
  const undo = useCommand(undoAffiliationMatch, () => announce(t('matching.undone')))
  const error = same.error ?? different.error ?? undo.error
  const params = { matchId: id }
  return (
    <Answer query={query}>
      {match => (
        <MatchDetail
          key={match.state}
          match={match}
          busy={same.isPending || different.isPending || undo.isPending}
          problem={error ? problemText(error.problem) : null}
          onSame={values => same.mutate({ params, body: { reason: t('matching.reasonSame'), ...values } })}
          onDifferent={() => different.mutate({ params, body: { reason: t('matching.reasonDifferent') } })}
          onUndo={() => undo.mutate({ params, body: { reason: t('matching.reasonUndo') } })}
        />
      )}
    </Answer>
  )
}
