import { Switch } from '@mantine/core'
import { changeRecordKeeping, getRecordKeeping } from '#contract/records.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { Answer } from '../../ui/states.tsx'

/** Which kinds of evidence are kept here. Of the others nothing is found to be missing. */
export function RecordKeeping() {
  const { t } = useTexts()
  const query = useCall(getRecordKeeping)
  const change = useCommand(changeRecordKeeping, () => announce(t('records.keptSaved')))
  return (
    <Card title={t('records.keeping')}>
      <p className="meta">{t('records.keepingHelp')}</p>
      <Answer query={query}>
        {({ kinds, allowed }) => (
          <div className="stack">
            {kinds.map(one => (
              <Switch
                key={one.kind}
                checked={one.kept}
                disabled={!allowed.change || change.isPending}
                label={t(`records.kinds.${one.kind}`)}
                description={[
                  t(one.kept ? 'records.kept' : 'records.keptElsewhere'),
                  t('records.keptCount', { count: one.records, overdue: one.overdue }),
                ].join(' · ')}
                onChange={event => change.mutate({ body: { kind: one.kind, kept: event.currentTarget.checked } })}
              />
            ))}
          </div>
        )}
      </Answer>
      {change.error && <p role="alert">{t(`problem.${problemOf(change.error).code}`)}</p>}
    </Card>
  )
}
