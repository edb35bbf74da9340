import type { SampleEntry } from '#contract/source-trials.ts'
import type { daFeeds } from '../../texts/da-feeds.ts'
import { fieldText, valueText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from './sources.module.css'

/** Live entries side by side: as the source has them, and as what they become here. */
export function Samples(props: { entries: readonly SampleEntry[] }) {
  const { t } = useTexts()
  if (props.entries.length === 0) return <p role="status">{t('sources.sampleNone')}</p>
  return (
    <div>
      {props.entries.map(entry => (
        <article key={entry.at} className={classes.sample}>
          <div>
            <h3>
              {t('sources.sampleBefore')}: {entry.at}
            </h3>
            <Lines lines={entry.raw} />
          </div>
          <div>
            <h3>{t('sources.sampleAfter')}</h3>
            {entry.records.length === 0 && <p className="meta">{t('sources.sampleNothing')}</p>}
            {entry.records.map((record, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: one entry may become two records of the same kind
              <Record key={index} record={record} />
            ))}
          </div>
        </article>
      ))}
    </div>
  )
}

function Record(props: { record: SampleEntry['records'][number] }) {
  const { t } = useTexts()
  const { record } = props
  return (
    <div style={{ marginBottom: 8 }}>
      <p className="meta">{[record.kind && t(`sync.record.${record.kind}`), record.key].filter(Boolean).join(': ')}</p>
      {record.reject ? (
        <p className={classes.wrong}>
          {t('sources.sampleReject', {
            why: t(`sync.rejectReason.${record.reject.reason as keyof typeof daFeeds.sync.rejectReason}`, {
              ...record.reject.params,
              attribute: fieldText(t, String(record.reject.params.attribute ?? '')),
              defaultValue: record.reject.reason,
            }),
          })}
        </p>
      ) : (
        <Lines
          lines={record.attributes.map(one => ({
            name: fieldText(t, one.name),
            value: valueText(t, one.name, one.value),
          }))}
        />
      )}
    </div>
  )
}

function Lines(props: { lines: readonly { name: string; value: string }[] }) {
  return (
    <dl className={classes.lines}>
      {props.lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an attribute may have several values, each a line
        <div key={index}>
          <dt>{line.name}</dt>
          <dd>{line.value}</dd>
        </div>
      ))}
    </dl>
  )
}
