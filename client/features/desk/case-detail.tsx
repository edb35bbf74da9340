import { Button, NativeSelect, Radio, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'
import { type Who, WhoPicker } from '../../ui/who-picker.tsx'
import { CaseFacts, type LinkCase } from './case-facts.tsx'
import { ClassifyForm } from './classify-form.tsx'
import { CompareTable } from './compare-table.tsx'
import { PastDecisions } from './past-decisions.tsx'
import type { Decision } from './use-decide.ts'

type Candidate = LinkCase['candidateList'][number]

/** One account: facts, the people it may belong to side by side, and what can be said about it. */
export function CaseDetail(props: {
  account: LinkCase
  busy: boolean
  problem: string | null
  /** Who is chosen; number keys of the desk choose too. */
  picked: Who | null
  onPick: (who: Who | null) => void
  onDecide: (decision: Decision, name?: string) => void
  onUndo: (decisionId: string) => void
}) {
  const { t } = useTexts()
  const { account, picked, busy } = props
  const [reason, setReason] = useState('')
  const [affiliation, setAffiliation] = useState('')
  const [classifying, setClassifying] = useState(false)
  const [none, setNone] = useState(false)
  const why = reason.trim() ? { reason: reason.trim() } : {}
  const candidate = account.candidateList.find(one => one.person.id === picked?.id)
  const link = () => {
    setNone(!picked)
    if (picked)
      props.onDecide(
        { kind: 'link', personId: picked.id, ...(affiliation ? { affiliationId: affiliation } : {}), ...why },
        picked.name,
      )
  }
  return (
    <>
      <CaseFacts account={account} />
      {account.candidateList.length > 0 ? (
        <CompareTable
          caption={t('desk.compareCaption')}
          first={t('desk.account')}
          columns={account.candidateList.map((one, index) => ({
            key: one.person.id,
            chosen: one.person.id === picked?.id,
            compared: one.compared,
            head: (
              <CandidateHead
                candidate={one}
                place={index + 1}
                picked={one.person.id === picked?.id}
                onPick={account.allowed.decide ? props.onPick : null}
              />
            ),
          }))}
        />
      ) : (
        <p>{t(account.kind === 'personal' ? 'desk.noCandidates' : 'desk.noneProposed')}</p>
      )}
      {account.allowed.decide ? (
        <>
          {candidate && candidate.affiliations.length > 1 && (
            <NativeSelect
              label={t('desk.affiliation')}
              value={affiliation}
              onChange={event => setAffiliation(event.currentTarget.value)}
              data={[
                { value: '', label: t('desk.affiliationAny') },
                ...candidate.affiliations.map(one => ({
                  value: one.id,
                  label: [one.title ?? t(`enum.affiliation.${one.kind}`), one.unit?.name, one.employeeNo]
                    .filter(Boolean)
                    .join(' · '),
                })),
              ]}
            />
          )}
          {picked && !candidate ? (
            <p>
              {t('desk.picked')}: <b>{picked.name}</b>
            </p>
          ) : null}
          <WhoPicker
            label={t(account.candidateList.length > 0 ? 'desk.findOther' : 'desk.find')}
            hint={t('desk.findHint')}
            onPick={props.onPick}
          />
          <TextInput
            label={t('desk.reasonLabel')}
            description={t('desk.reasonHint')}
            value={reason}
            maxLength={1000}
            autoComplete="off"
            onChange={event => setReason(event.currentTarget.value)}
          />
          {props.problem && (
            <p role="alert" className={classes.wrong}>
              {props.problem}
            </p>
          )}
          {none && !picked && (
            <p role="alert" className={classes.wrong}>
              {t('desk.linkNobody')}
            </p>
          )}
          <div className={classes.actions}>
            <Button loading={busy} onClick={link}>
              {picked ? t('desk.link', { name: picked.name }) : t('desk.linkAny')}
            </Button>
            {candidate && !candidate.ruledOut && (
              <Button
                variant="default"
                onClick={() =>
                  picked && props.onDecide({ kind: 'not-this-person', personId: picked.id, ...why }, picked.name)
                }
              >
                {t('desk.notThis', { name: picked?.name ?? '' })}
              </Button>
            )}
            <Button variant="default" onClick={() => props.onDecide({ kind: 'nobody', ...why })}>
              {t('desk.nobody')}
            </Button>
            <Button variant="default" onClick={() => props.onDecide({ kind: 'out-of-scope', ...why })}>
              {t('desk.outOfScope')}
            </Button>
            <Button variant="default" aria-expanded={classifying} onClick={() => setClassifying(!classifying)}>
              {t(account.kind === 'personal' ? 'desk.classify' : 'desk.reclassify')}
            </Button>
            {account.goneAt !== null && account.flags.protected && (
              <Button variant="outline" color="red" onClick={() => props.onDecide({ kind: 'confirm-gone', ...why })}>
                {t('desk.confirmGone')}
              </Button>
            )}
          </div>
          {classifying && (
            <ClassifyForm account={account} busy={busy} onSave={decision => props.onDecide({ ...decision, ...why })} />
          )}
        </>
      ) : (
        <p className="dim">{t('desk.mayNot')}</p>
      )}
      <PastDecisions account={account} onUndo={props.onUndo} />
    </>
  )
}

function CandidateHead(props: {
  candidate: Candidate
  place: number
  picked: boolean
  onPick: ((who: Who) => void) | null
}) {
  const { t } = useTexts()
  const { candidate, onPick } = props
  const name = candidate.person.name ?? t('people.protectedPerson')
  const how = t(`desk.evidence.${candidate.evidence}`)
  return (
    <span className={classes.candidate}>
      {onPick ? (
        <Radio
          name="candidate"
          checked={props.picked}
          onChange={() => onPick({ kind: 'person', id: candidate.person.id, name })}
          label={
            <span className={classes.candidateName}>
              <span className="dim">{props.place}</span> {name}
            </span>
          }
        />
      ) : (
        <span className={classes.candidateName}>{name}</span>
      )}
      <span className="meta">
        {[candidate.title ?? t(`enum.personKind.${candidate.personKind}`), candidate.unit?.name]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <span className="meta">
        {t(candidate.byRule ? 'desk.byRule' : 'desk.hint', { evidence: how })}
        {`, ${t('desk.confidence', { percent: `${candidate.confidence} %` })}`}
      </span>
      {candidate.ruledOut && <span className="meta">{t('desk.ruledOut')}</span>}
      {candidate.otherAccounts > 0 && (
        <span className="meta">{t('desk.otherAccounts', { count: candidate.otherAccounts })}</span>
      )}
    </span>
  )
}
