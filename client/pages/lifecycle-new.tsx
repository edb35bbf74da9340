import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CasePage } from '#contract/lifecycle.ts'
import { getCase } from '#contract/lifecycle.ts'
import { caseForm, type HireForm, type MoveForm } from '#contract/lifecycle-forms.ts'
import { ChangeFormView } from '../features/lifecycle/doors/change-form.tsx'
import { emptyHire, HireFormView } from '../features/lifecycle/hire-form.tsx'
import { dayOf } from '../lib/formats.ts'
import { useCall } from '../lib/query.ts'
import { useSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/lifecycle/new')

/** A report that is being written: a new one, or a draft where it was left. */
export function LifecycleNewPage() {
  const { t } = useTexts()
  const search = route.useSearch()
  // What the draft was when one came: afterwards the form itself knows better.
  const [begun] = useState(search.draft ?? null)
  const query = useCall(getCase, { params: { caseId: begun ?? '' } }, { enabled: begun !== null })
  const [loaded, setLoaded] = useState<CasePage | null>(null)
  if (query.data && loaded === null) setLoaded(query.data)
  const { actor } = useSession()
  const today = dayOf(new Date().toISOString())
  const emergency = loaded ? loaded.door === 'emergency' : search.door === 'emergency'
  const [only] = actor?.units ?? []
  const kind = loaded?.kind ?? search.kind ?? 'hire'
  const door = loaded?.door ?? search.door ?? 'plain'
  if (kind !== 'hire') {
    const words =
      kind === 'end' && (door === 'withdraw' || door === 'postpone' || door === 'extend')
        ? door
        : kind === 'absence' && door === 'withdraw'
          ? 'notAway'
          : kind
    const editable = loaded === null || loaded.allowed.change
    return (
      <Page
        title={t(`doors.${words}.title`)}
        section={t('reports.title')}
        lead={t(`doors.${words}.lead`)}
        crumbs={[{ label: t('reports.title'), to: '/lifecycle/cases' }]}
        waiting={begun !== null && loaded === null}
      >
        {begun !== null && loaded === null ? (
          <Answer query={query}>{() => null}</Answer>
        ) : editable && (loaded === null || loaded.form.kind !== 'hire') ? (
          <ChangeFormView
            key={`${kind}${door}`}
            start={loaded ? { id: loaded.id, form: loaded.form, saved: loaded } : null}
            door={door}
            empty={(loaded?.form ?? caseForm.parse({ kind, affiliationId: search.affiliation ?? null })) as MoveForm}
            unitName={null}
            people={loaded?.people ?? []}
          />
        ) : (
          <Empty title={t('problem.case-closed')} />
        )}
      </Page>
    )
  }
  return (
    <Page
      title={t('reports.newHire')}
      section={t('reports.title')}
      lead={t('reports.newHireLead')}
      crumbs={[{ label: t('reports.title'), to: '/lifecycle/cases' }]}
      badges={emergency ? <span className="meta">{t('reports.emergency')}</span> : undefined}
      waiting={begun !== null && loaded === null}
    >
      {begun === null ? (
        <HireFormView
          start={null}
          door={emergency ? 'emergency' : 'plain'}
          empty={emptyHire({
            unitId: actor?.units.length === 1 && only ? only.id : null,
            startsOn: emergency ? today : null,
          })}
          today={today}
          names={{ person: null, sponsor: null, unit: only?.name ?? null }}
        />
      ) : loaded?.allowed.change && loaded.form.kind === 'hire' ? (
        <HireFormView
          start={{ id: loaded.id, form: loaded.form, saved: loaded }}
          door={emergency ? 'emergency' : 'plain'}
          empty={loaded.form as HireForm}
          today={today}
          names={{
            person: loaded.form.person.personId === null ? null : loaded.about.name,
            sponsor: loaded.sponsor?.name ?? null,
          }}
        />
      ) : loaded ? (
        <Empty
          title={t('problem.case-closed')}
          action={
            <Button
              component={Link}
              {...({ to: '/lifecycle/$caseId', params: { caseId: loaded.id } } as object)}
              variant="default"
            >
              {t('reports.approvals.openCase')}
            </Button>
          }
        />
      ) : (
        <Answer query={query}>{() => null}</Answer>
      )}
    </Page>
  )
}
