import { listSourceVersions } from '#contract/sources.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { Answer } from '../../ui/states.tsx'
import { ChangesTable } from './changes-table.tsx'

/** Every version of a source: who, when, why, and what differs from the one before. */
export function SourceHistory(props: { sourceKey: string }) {
  const { t, instant } = useTexts()
  const query = useCall(listSourceVersions, { params: { sourceKey: props.sourceKey } })
  return (
    <Answer query={query}>
      {({ rows }) => (
        <div className="stack">
          {rows.map(row => (
            <Card key={row.version} title={t('sources.version', { version: row.version, when: instant(row.at) })}>
              <div className="stack">
                <p>
                  {t(`sources.change.${row.change}`)}
                  {row.by && ` ${t('sources.by', { who: row.by })}`}
                  {row.reason && `: ${row.reason}`}
                </p>
                {row.changes.length > 0 && (
                  <details>
                    <summary>{t('sources.changed')}</summary>
                    <ChangesTable changes={row.changes} />
                  </details>
                )}
              </div>
            </Card>
          ))}
        </div>
      )}
    </Answer>
  )
}
