import { Button, Code, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../texts/i18n.ts'
import { Card, Facts } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import type { Entitlement } from './entitlement-form.tsx'
import { useConstraintName } from './use-constraint-name.ts'
import { useFieldText, Versions } from './versions.tsx'

/** What one right is, what it consists of, and what has been said of it. */
export function About(props: {
  entitlement: Entitlement
  onRelease: (attribute: Entitlement['setByHand'][number]['attribute']) => void
}) {
  const { t, number, ago } = useTexts()
  const constraintName = useConstraintName()
  const { entitlement } = props
  const { system, counts, licence } = entitlement
  return (
    <Stack gap={16}>
      <Card title={t('entitlement.what')}>
        <Facts
          facts={[
            { label: t('entitlement.key'), value: <Code>{entitlement.key}</Code> },
            { label: t('entitlement.kind'), value: t(`enum.entitlementKind.${entitlement.kind}`) },
            { label: t('entitlement.sensitivity'), value: t(`enum.sensitivity.${entitlement.sensitivity}`) },
            {
              label: t('entitlement.owner'),
              value: entitlement.owner ? <PersonLink person={entitlement.owner} /> : t('entitlement.noOwner'),
              note: entitlement.owner && !entitlement.ownOwner ? t('entitlement.ownerOfSystem') : undefined,
            },
            {
              label: t('entitlement.constraints'),
              value: entitlement.constraints.map(constraintName).join(', ') || t('entitlement.noConstraints'),
            },
            ...(entitlement.emergency
              ? []
              : [{ label: t('entitlement.emergencyWord'), value: t('entitlement.emergencyNever') }]),
            ...(entitlement.approval
              ? [
                  {
                    label: t('entitlement.approval'),
                    value: t(`entitlement.approvals.${entitlement.approval}`),
                  },
                ]
              : []),
            ...(licence
              ? [
                  {
                    label: t('entitlement.licence'),
                    value: t('entitlement.licenceUse', { used: licence.used, cap: licence.cap }),
                    note: t(`entitlement.counts.${licence.counts}`),
                  },
                ]
              : []),
            ...(entitlement.technicalNote
              ? [{ label: t('entitlement.technicalNote'), value: entitlement.technicalNote }]
              : []),
            ...(entitlement.goneAt && entitlement.status === 'active'
              ? [{ label: t('entitlement.gone'), value: ago(entitlement.goneAt) }]
              : []),
          ]}
        />
        <SetByHand entitlement={entitlement} onRelease={props.onRelease} />
      </Card>
      <Card
        title={t('entitlement.holders')}
        aside={
          <Link
            to="/systems/$systemId"
            params={{ systemId: system.id }}
            search={{ entitlement: entitlement.id }}
            hash="holders"
            className="link"
          >
            {t('entitlement.showHolders')}
          </Link>
        }
      >
        <Facts
          columns
          facts={(['expected', 'observed', 'missing', 'unexplained'] as const).map(key => ({
            label: t(`entitlement.${key}`),
            value: number(counts[key]),
          }))}
        />
      </Card>
      <Composition entitlement={entitlement} />
      <Versions entitlement={entitlement} />
    </Stack>
  )
}

function SetByHand(props: {
  entitlement: Entitlement
  onRelease: (attribute: Entitlement['setByHand'][number]['attribute']) => void
}) {
  const { t, instant } = useTexts()
  const text = useFieldText()
  const { setByHand, allowed } = props.entitlement
  if (setByHand.length === 0) return null
  return (
    <section>
      <h3>{t('entitlement.setByHand')}</h3>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {setByHand.map(one => (
          <li key={one.attribute}>
            <b>{t(`entitlement.fields.${one.attribute}`)}</b>{' '}
            <span className="meta">
              {t('entitlement.setByHandLine', {
                who: one.by,
                when: instant(one.at),
                feed: text(one.attribute, one.feed),
              })}
            </span>{' '}
            {allowed.change && (
              <Button
                variant="default"
                size="compact-xs"
                aria-label={t('entitlement.releaseOf', { field: t(`entitlement.fields.${one.attribute}`) })}
                onClick={() => props.onRelease(one.attribute)}
              >
                {t('entitlement.release')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Composition(props: { entitlement: Entitlement }) {
  const { t, number } = useTexts()
  const { groups, includes, includedIn, roles } = props.entitlement
  const links = (list: Entitlement['includes']) =>
    list.length === 0
      ? t('entitlement.nothing')
      : list.map((one, place) => (
          <span key={one.id}>
            {place > 0 && ', '}
            <Link
              to="/systems/$systemId/rights/$entitlementId"
              params={{ systemId: one.system.id, entitlementId: one.id }}
              className="link"
            >
              {one.system.name}: {one.name}
            </Link>
          </span>
        ))
  return (
    <Card title={t('entitlement.composition')}>
      <Stack gap={12}>
        {groups.length === 0 ? (
          <p className="dim">{t('entitlement.noGroups')}</p>
        ) : (
          <DataTable
            caption={t('entitlement.groupsCaption')}
            rows={groups}
            rowKey={row => row.id}
            columns={[
              { key: 'group', label: t('entitlement.groupColumns.group'), cell: row => row.name },
              { key: 'source', label: t('entitlement.groupColumns.source'), rank: 2, cell: row => row.source },
              {
                key: 'pattern',
                label: t('entitlement.groupColumns.pattern'),
                cell: row => (
                  <>
                    <Code>{row.pattern}</Code> <span className="meta">{t(`mapping.origins.${row.origin}`)}</span>
                  </>
                ),
              },
              {
                key: 'members',
                label: t('entitlement.groupColumns.members'),
                number: true,
                cell: row => number(row.members),
              },
            ]}
            empty={null}
          />
        )}
        <Facts
          facts={[
            { label: t('entitlement.includes'), value: links(includes) },
            { label: t('entitlement.includedIn'), value: links(includedIn) },
            {
              label: t('entitlement.roles'),
              value:
                roles.length === 0
                  ? t('entitlement.nothing')
                  : roles.map((role, place) => (
                      <span key={role.key}>
                        {place > 0 && ', '}
                        <Link to="/roles/$key" params={{ key: role.key }} className="link">
                          {role.name}
                        </Link>
                      </span>
                    )),
            },
          ]}
        />
      </Stack>
    </Card>
  )
}
