import { Button, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listFactors, newRecoveryCodes, removeFactor } from '#contract/second-factors.ts'
import { problemOf, wire } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { EnrolFactor } from './enrol-factor.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

type Factor = ResponseOf<typeof listFactors>['factors'][number]

/** A code app has no name of its own. */
const nameOf = (t: Texts['t'], factor: Factor) => (factor.kind === 'totp' ? t('security.kind.totp') : factor.name)

/** My second factors: add, remove, and new recovery codes. */
export function MyFactors() {
  const { t, instant } = useTexts()
  const query = useCall(listFactors)
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Factor | null>(null)
  const columns: Column<Factor>[] = [
    { key: 'name', label: t('security.columns.name'), cell: row => nameOf(t, row) },
    { key: 'kind', label: t('security.columns.kind'), rank: 2, cell: row => t(`security.kind.${row.kind}`) },
    { key: 'created', label: t('security.columns.created'), rank: 1, cell: row => instant(row.createdAt) },
    {
      key: 'used',
      label: t('security.columns.used'),
      cell: row => (row.lastUsedAt ? instant(row.lastUsedAt) : t('security.never')),
    },
    {
      key: 'what',
      label: t('security.columns.what'),
      cell: row => (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={t('security.removeLabel', { name: nameOf(t, row) })}
          onClick={() => setRemoving(row)}
        >
          {t('security.remove')}
        </Button>
      ),
    },
  ]
  const added = () => {
    setAdding(false)
    announce(t('security.added'))
    void wire.refresh()
    void query.refetch()
  }
  return (
    <Answer query={query}>
      {({ factors, recoveryCodesLeft }) => (
        <>
          <section className="stack">
            <h2 className="section">{t('security.factors')}</h2>
            <DataTable
              caption={t('security.caption')}
              columns={columns}
              rows={factors}
              rowKey={row => row.id}
              empty={<Empty title={t('security.none')} />}
            />
            <div>
              <Button onClick={() => setAdding(true)}>{t('security.addTitle')}</Button>
            </div>
          </section>
          {factors.length > 0 && <Codes left={recoveryCodesLeft} />}
          <Modal opened={adding} onClose={() => setAdding(false)} title={t('security.addTitle')} size="lg">
            {adding && <EnrolFactor onSession={added} />}
          </Modal>
          {removing && <Remove factor={removing} onClose={() => setRemoving(null)} />}
        </>
      )}
    </Answer>
  )
}

function Codes(props: { left: number }) {
  const { t } = useTexts()
  const [asked, setAsked] = useState(false)
  const make = useCommand(newRecoveryCodes, () => setAsked(false))
  if (make.data) return <RecoveryCodes codes={make.data.recoveryCodes} onDone={() => make.reset()} />
  return (
    <Card title={t('security.codes')}>
      <Stack gap={12}>
        <p>
          {t('security.codesLeft', { count: props.left })} {t('security.codesHelp')}
        </p>
        <div>
          <Button variant="default" onClick={() => setAsked(true)}>
            {t('security.newCodes')}
          </Button>
        </div>
      </Stack>
      {asked && (
        <Confirm
          title={t('security.newCodes')}
          verb={t('security.newCodes')}
          cancel={t('do.cancel')}
          busy={make.isPending}
          error={make.error ? t(`problem.${problemOf(make.error).code}`) : null}
          onConfirm={() => make.mutate({})}
          onClose={() => setAsked(false)}
        >
          <p>{t('security.newCodesConfirm')}</p>
        </Confirm>
      )}
    </Card>
  )
}

function Remove(props: { factor: Factor; onClose: () => void }) {
  const { t } = useTexts()
  const { factor } = props
  const remove = useCommand(removeFactor, () => {
    announce(t('security.removed'))
    props.onClose()
  })
  const code = remove.error ? problemOf(remove.error).code : null
  return (
    <Confirm
      title={t('security.removeTitle')}
      verb={t('security.removeLabel', { name: nameOf(t, factor) })}
      cancel={t('do.cancel')}
      danger
      busy={remove.isPending}
      error={code === null ? null : code === 'conflict' ? t('security.last') : t(`problem.${code}`)}
      onConfirm={() => remove.mutate({ params: { factorId: factor.id } })}
      onClose={props.onClose}
    >
      <p>{t('security.removeConfirm', { name: nameOf(t, factor) })}</p>
    </Confirm>
  )
}
