import type { RegisterDefaults, ShownVersion } from '#contract/activities.ts'
import type { ActivityContent, ControllerContent } from '#contract/activity-content.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card, Facts } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { provisionWords, ruleWords } from './content-words.ts'
import classes from './register.module.css'
import { useTerms } from './use-terms.ts'

/** The record as somebody reads it who has never seen one: what it is for, who and what, to whom, for how long. */
export function ActivityRecord(props: { version: ShownVersion; defaults: RegisterDefaults }) {
  const { content, names } = props.version
  const { t } = useTexts()
  return (
    <>
      {content.description && (
        <Card title={t('activity.description')}>
          <p className={classes.prose}>{content.description}</p>
        </Card>
      )}
      {content.kind === 'controller' ? (
        <>
          <Purposes content={content} />
          <Rows content={content} />
          <Retention content={content} />
        </>
      ) : (
        <Processing content={content} />
      )}
      <Transfers content={content} />
      <Measures content={content} />
      {content.kind === 'controller' && content.information && (
        <Card title={t('activity.information')}>
          <p className={classes.prose}>{content.information}</p>
        </Card>
      )}
      {content.kind === 'controller' && content.consent && (
        <Card title={t('activity.consent')}>
          <p className={classes.prose}>{content.consent}</p>
        </Card>
      )}
      {content.kind === 'controller' && content.peopleWithAccess && (
        <Card title={t('activity.peopleWithAccess')}>
          <p className={classes.prose}>{t(`activity.accessBand.${content.peopleWithAccess}`)}</p>
        </Card>
      )}
      <Parties content={content} defaults={props.defaults} units={names.units.map(one => one.name)} />
    </>
  )
}

function Purposes({ content }: { content: ControllerContent }) {
  const texts = useTexts()
  const { t } = texts
  const terms = useTerms()
  return (
    <Card title={t('activity.purposes')}>
      {content.purposes.length === 0 && <p className="meta">{t('activity.purposesNone')}</p>}
      {content.purposes.map(one => (
        <section key={one.key} className={classes.purpose}>
          <h3>{one.name}</h3>
          {one.description && <p className={classes.prose}>{one.description}</p>}
          <Facts
            columns
            facts={[
              ...(one.broader
                ? [{ label: t('activity.purposeKind'), value: terms.word('purpose-kind', one.broader) }]
                : []),
              {
                label: t('activity.basis'),
                value: one.art6 ? `${one.art6} ${terms.word('basis6', one.art6)}` : t('activity.noBasis'),
              },
              ...(one.art9.length > 0
                ? [
                    {
                      label: t('activity.art9'),
                      value: one.art9.map(code => `${code} ${terms.word('basis9', code)}`).join('; '),
                    },
                  ]
                : []),
              ...(one.national.length > 0
                ? [
                    {
                      label: t('activity.national'),
                      value: one.national.map(code => terms.word('national', code)).join('; '),
                    },
                  ]
                : []),
              {
                label: t('activity.provisions'),
                value:
                  one.provisions.length === 0 ? (
                    t('activity.noProvision')
                  ) : (
                    <ul className={classes.list}>
                      {one.provisions.map(provision => (
                        <li key={`${provision.law} ${provision.section}`}>
                          {provision.link ? (
                            <a href={provision.link} target="_blank" rel="noreferrer" className="link">
                              {provisionWords(texts, provision)}
                            </a>
                          ) : (
                            provisionWords(texts, provision)
                          )}
                        </li>
                      ))}
                    </ul>
                  ),
              },
            ]}
          />
        </section>
      ))}
    </Card>
  )
}

function Rows({ content }: { content: ControllerContent }) {
  const texts = useTexts()
  const { t, all } = texts
  const terms = useTerms()
  const rules = new Map(content.retention.map(rule => [rule.key, ruleWords(texts, rule)]))
  const classNames: Record<string, string> = all.activity.class
  const rows = content.rows.map((row, place) => ({ ...row, place }))
  return (
    <Card title={t('activity.rows')} flush>
      <DataTable
        caption={t('activity.rows')}
        rows={rows}
        rowKey={row => String(row.place)}
        cards
        empty={<p className="meta">{t('activity.rowsNone')}</p>}
        groupOf={row => ({ key: row.subject, label: terms.word('subject', row.subject) })}
        columns={[
          { key: 'data', label: t('activity.rowColumns.data'), cell: row => terms.word('data', row.data) },
          {
            key: 'class',
            label: t('activity.rowColumns.class'),
            rank: 2,
            cell: row => {
              const name = terms.classOf(row.data)
              return name ? <span className="meta">{classNames[name] ?? name}</span> : null
            },
          },
          {
            key: 'recipient',
            label: t('activity.rowColumns.recipient'),
            cell: row =>
              row.recipient ? (
                terms.word('recipient', row.recipient)
              ) : (
                <span className="meta">{t('activity.noRecipient')}</span>
              ),
          },
          {
            key: 'erasure',
            label: t('activity.rowColumns.erasure'),
            cell: row =>
              row.erasure ? (
                (rules.get(row.erasure) ?? row.erasure)
              ) : (
                <span className="meta">{t('activity.noErasure')}</span>
              ),
          },
        ]}
      />
    </Card>
  )
}

function Retention({ content }: { content: ControllerContent }) {
  const texts = useTexts()
  const { t } = texts
  if (content.retention.length === 0) return null
  return (
    <Card title={t('activity.retention')}>
      <ul className={classes.list}>
        {content.retention.map(rule => (
          <li key={rule.key}>
            {ruleWords(texts, rule)}
            <div className="meta">
              {[rule.basis, t(`activity.archive.${rule.archive}`), rule.note].filter(Boolean).join(' · ')}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Processing({ content }: { content: ActivityContent }) {
  const { t } = useTexts()
  if (content.kind !== 'processor') return null
  return (
    <Card title={t('activity.processing')}>
      {content.processing.map(one => (
        <section key={one.controller.name} className={classes.purpose}>
          <h3>{one.controller.name}</h3>
          {one.controller.contact && <p className="meta">{one.controller.contact}</p>}
          <ul className={classes.list}>
            {one.categories.map(each => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          {[
            { label: t('activity.dpo'), who: one.dpo },
            { label: t('activity.representative'), who: one.representative },
          ].map(
            ({ label, who }) =>
              who && (
                <p key={label} className="meta">
                  {label}: {[who.name, who.contact].filter(Boolean).join(', ')}
                </p>
              ),
          )}
        </section>
      ))}
    </Card>
  )
}

function Transfers({ content }: { content: ActivityContent }) {
  const { t, date } = useTexts()
  const terms = useTerms()
  return (
    <Card title={t('activity.transfers')}>
      {content.transfers.length === 0 ? (
        <p className="meta">{t('activity.transfersNone')}</p>
      ) : (
        <ul className={classes.list}>
          {content.transfers.map(one => (
            <li key={`${one.recipient} ${one.country}`}>
              {one.recipient}, {one.country}
              <div className="meta">
                {[
                  one.ground && terms.word('transfer-ground', one.ground),
                  one.document,
                  one.from && date(one.from),
                  one.to && `– ${date(one.to)}`,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function Measures({ content }: { content: ActivityContent }) {
  const { t } = useTexts()
  const terms = useTerms()
  return (
    <Card title={t('activity.measures')}>
      {content.measures.length === 0 && !content.measuresNote && <p className="meta">{t('activity.measuresNone')}</p>}
      <ul className={classes.list}>
        {content.measures.map(code => (
          <li key={code}>{terms.word('measure', code)}</li>
        ))}
      </ul>
      {content.measuresNote && <p className={classes.after}>{content.measuresNote}</p>}
    </Card>
  )
}

function Parties(props: { content: ActivityContent; defaults: RegisterDefaults; units: string[] }) {
  const { t } = useTexts()
  const { content, defaults } = props
  const said = (own: { name: string; contact: string | null } | null, usual: RegisterDefaults['dpo']) => {
    const who = own ?? usual
    return {
      value: who ? [who.name, who.contact].filter(Boolean).join(', ') : t('activity.nobody'),
      ...(who && !own ? { note: t('activity.asDefault') } : {}),
    }
  }
  return (
    <Card title={t('activity.parties')}>
      <Facts
        columns
        facts={[
          { label: t('activity.controller'), ...said(null, defaults.controller) },
          ...(content.kind === 'controller' && content.jointControllers.length > 0
            ? [
                {
                  label: t('activity.joint'),
                  value: content.jointControllers
                    .map(one => [one.name, one.contact, one.arrangement].filter(Boolean).join(', '))
                    .join('; '),
                },
              ]
            : []),
          { label: t('activity.dpo'), ...said(content.dpo, defaults.dpo) },
          { label: t('activity.representative'), ...said(content.representative, defaults.representative) },
          { label: t('activity.units'), value: props.units.join(', ') || t('activities.noUnits') },
          { label: t('activity.kle'), value: content.kle.join(', ') || '–' },
        ]}
      />
    </Card>
  )
}
