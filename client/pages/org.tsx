import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { getOrganisation, getOrgWorklist } from '#contract/units.ts'
import { OrgTree } from '../features/org/org-tree.tsx'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card, Facts } from '../ui/card.tsx'
import { Choice, FilterRow, SearchField } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/org')
const trees = ['admin', 'pay', 'school', 'network', 'political'] as const

export function OrgPage() {
  const { t } = useTexts()
  const { tree = 'admin', asOf } = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay()
  const [text, setText] = useState('')
  const query = useCall(getOrganisation, { query: { tree, ...(asOf ? { asOf } : {}) } }, { keep: true })
  return (
    <Page title={t('org.title')} lead={t('org.lead')}>
      <FilterRow>
        <SearchField label={t('org.find')} value={text} onChange={setText} />
        <Choice
          label={t('org.tree')}
          value={tree}
          all={t('enum.tree.admin')}
          onChange={next => void navigate({ search: { tree: next === 'admin' ? undefined : next }, replace: true })}
          options={trees.filter(one => one !== 'admin').map(value => ({ value, label: t(`enum.tree.${value}`) }))}
        />
      </FilterRow>
      <Answer query={query}>
        {({ units }) =>
          units.length === 0 ? (
            <Card>
              <Empty title={t('org.empty')} help={t('org.emptyHelp')} />
            </Card>
          ) : (
            <OrgTree
              key={tree}
              units={units}
              text={text}
              label={t('org.treeLabel', { tree: t(`enum.tree.${tree}`) })}
              onOpen={unit => void navigate({ to: '/org/$unitId', params: { unitId: unit.id } })}
            />
          )
        }
      </Answer>
      {may('unit.worklist') && <Worklist />}
    </Page>
  )
}

function Worklist() {
  const { t, number } = useTexts()
  const query = useCall(getOrgWorklist)
  const rows = query.data?.rows ?? []
  if (rows.length === 0) return null
  const kinds = [...new Set(rows.map(row => row.kind))]
  return (
    <Card title={t('org.worklist')}>
      <Facts
        facts={kinds.map(kind => {
          const ofKind = rows.filter(row => row.kind === kind)
          return {
            label: t(`org.work.${kind}`),
            value: number(ofKind.length),
            note: ofKind
              .slice(0, 4)
              .map(row => row.label)
              .join(', '),
          }
        })}
      />
    </Card>
  )
}
