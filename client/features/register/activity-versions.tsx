import { Button, Group, NativeSelect } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { getVersion, listVersions, startChange, type VersionRow } from '#contract/activity-versions.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Answer } from '../../ui/states.tsx'
import type { Activity } from './activity-side.tsx'
import { ContentDiff } from './content-diff.tsx'
import classes from './register.module.css'

type Pair = { version: string | undefined; against: string | undefined }

/** Every version, when it counts, and the difference between any two. */
export function ActivityVersions(props: { activity: Activity; pair: Pair; onPair: (pair: Pair) => void }) {
  const { activity } = props
  const query = useCall(listVersions, { params: { activityId: activity.id } })
  return (
    <Answer query={query}>
      {({ rows }) => (
        <div className={classes.main}>
          <VersionTable rows={rows} activity={activity} onPair={props.onPair} />
          {rows.length > 1 && <Compare {...props} rows={rows} />}
        </div>
      )}
    </Answer>
  )
}

function VersionTable(props: { rows: VersionRow[]; activity: Activity; onPair: (pair: Pair) => void }) {
  const { t, date, day } = useTexts()
  const { activity } = props
  const navigate = useNavigate()
  const resume = useCommand(startChange, () => {
    announce(t('activity.done.started'))
    void navigate({ to: '/activities/$activityId/edit', params: { activityId: activity.id } })
  })
  return (
    <Card title={t('activity.versions.caption')} flush>
      <DataTable
        caption={t('activity.versions.caption')}
        rows={props.rows}
        rowKey={row => row.versionId}
        cards
        empty={null}
        columns={[
          {
            key: 'number',
            label: t('activity.versions.number'),
            cell: row => (
              <>
                {row.number}
                <div className="meta">{t(`activities.state.${row.state}`)}</div>
              </>
            ),
          },
          {
            key: 'valid',
            label: t('activity.versions.valid'),
            cell: row =>
              row.valid.map(span => (
                <div key={span.from} className="nowrap">
                  {span.to
                    ? t('activity.versions.between', { from: date(span.from), to: date(span.to) })
                    : t('activity.versions.from', { from: date(span.from) })}
                </div>
              )),
          },
          {
            key: 'what',
            label: t('activity.versions.what'),
            cell: row => (
              <>
                {row.summary}
                {row.decision && <div className="meta">{t('activity.versions.reason', { text: row.decision })}</div>}
                {activity.allowed.change && (row.state === 'rejected' || row.state === 'withdrawn') && (
                  <Button
                    size="xs"
                    variant="default"
                    loading={resume.isPending}
                    aria-label={`${t('activity.versions.resume')}: ${t('activity.versionNote', { number: row.number })}`}
                    onClick={() =>
                      resume.mutate({ params: { activityId: activity.id }, body: { from: row.versionId } })
                    }
                  >
                    {t('activity.versions.resume')}
                  </Button>
                )}
              </>
            ),
          },
          {
            key: 'who',
            label: t('activity.versions.who'),
            rank: 2,
            cell: row => (
              <>
                <div>{t('activity.versions.madeBy', { by: row.author ?? '–', when: day(row.madeAt) })}</div>
                {row.decidedAt && (
                  <div className="meta">
                    {t('activity.versions.decidedBy', { by: row.decidedBy ?? '–', when: day(row.decidedAt) })}
                  </div>
                )}
              </>
            ),
          },
        ]}
      />
    </Card>
  )
}

function Compare(props: { activity: Activity; rows: VersionRow[]; pair: Pair; onPair: (pair: Pair) => void }) {
  const { t } = useTexts()
  const { rows, pair, onPair } = props
  const [newest, before] = rows
  const version = pair.version ?? newest?.versionId ?? ''
  const against = pair.against ?? rows.find(row => row.versionId !== version && row === before)?.versionId ?? ''
  const query = useCall(
    getVersion,
    { params: { activityId: props.activity.id, versionId: version }, query: { against } },
    { keep: true, enabled: against !== '' && against !== version },
  )
  const data = rows.map(row => ({
    value: row.versionId,
    label: `${row.number} (${t(`activities.state.${row.state}`)})`,
  }))
  return (
    <Card title={t('activity.versions.compare')}>
      <Group gap={12} align="flex-end" mb={12}>
        <NativeSelect
          label={t('activity.versions.newer')}
          data={data}
          value={version}
          onChange={event => onPair({ version: event.currentTarget.value, against })}
        />
        <NativeSelect
          label={t('activity.versions.older')}
          data={[{ value: '', label: t('activityForm.choose') }, ...data]}
          value={against}
          onChange={event => onPair({ version, against: event.currentTarget.value })}
        />
      </Group>
      {query.data && against !== '' && against !== version ? (
        <ContentDiff changes={query.data.changes} names={query.data.names} />
      ) : (
        <p className="meta">{t('activity.versions.pick')}</p>
      )}
    </Card>
  )
}
