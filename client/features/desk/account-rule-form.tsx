import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import {
  changeAccountRule,
  createAccountRule,
  type listAccountRules,
  previewAccountRule,
} from '#contract/account-rules.ts'
import type { BodyInput, ResponseOf } from '#contract/endpoint.ts'
import { listSources } from '#contract/runs.ts'
import { type AccountKind, accountKind } from '#contract/shapes.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import classes from '../../ui/desk.module.css'
import type { Who } from '../../ui/who-picker.tsx'
import { OwnerField } from './classify-form.tsx'

export type AccountRule = ResponseOf<typeof listAccountRules>['rows'][number]

/** A pattern or a part of the directory, what it means, and, while one types, how many it catches. */
export function AccountRuleForm(props: { rule: AccountRule | null; onClose: () => void }) {
  const { t, language } = useTexts()
  const may = useMay()
  const { rule } = props
  const sources = useCall(listSources, {}, { enabled: may('run.read') })
  const [by, setBy] = useState<'pattern' | 'ou'>(rule?.ou ? 'ou' : 'pattern')
  const [text, setText] = useState(rule?.pattern ?? rule?.ou ?? '')
  const [source, setSource] = useState(rule?.source ?? '')
  const [kind, setKind] = useState<AccountKind>(rule?.accountKind ?? 'service')
  const [who, setWho] = useState<Who | null>(
    rule?.owner.person
      ? { kind: 'person', id: rule.owner.person.id, name: rule.owner.person.name ?? t('people.protectedPerson') }
      : rule?.owner.unit
        ? { kind: 'unit', ...rule.owner.unit }
        : null,
  )
  const [wrong, setWrong] = useState({ text: false, owner: false })
  const said = text.trim()
  const fits = by === 'pattern' ? said.length >= 2 && /[^*\s]/.test(said) : said.length >= 3
  const body = {
    source: source || null,
    pattern: by === 'pattern' ? said : null,
    ou: by === 'ou' ? said : null,
    accountKind: kind,
    ownerPersonId: who?.kind === 'person' ? who.id : null,
    ownerUnitId: who?.kind === 'unit' ? who.id : null,
  }
  const done = (answer: { changed: number }) => {
    announce(t('kinds.saved', { count: answer.changed }))
    props.onClose()
  }
  const create = useCommand(createAccountRule, done)
  const change = useCommand(changeAccountRule, done)
  const command = rule ? change : create
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const owner = kind !== 'personal' && !who
    setWrong({ text: !fits, owner })
    if (!fits || owner) return
    if (rule) change.mutate({ params: { ruleId: rule.id }, body })
    else create.mutate({ body })
  }
  return (
    <Modal opened onClose={props.onClose} size="lg" title={t(rule ? 'kinds.edit' : 'kinds.new')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <NativeSelect
            label={t('kinds.by')}
            value={by}
            onChange={event => setBy(event.currentTarget.value === 'ou' ? 'ou' : 'pattern')}
            data={[
              { value: 'pattern', label: t('kinds.byPattern') },
              { value: 'ou', label: t('kinds.byOu') },
            ]}
          />
          <TextInput
            label={t(by === 'pattern' ? 'kinds.pattern' : 'kinds.ou')}
            description={t(by === 'pattern' ? 'kinds.patternHint' : 'kinds.ouHint')}
            value={text}
            onChange={event => setText(event.currentTarget.value)}
            error={wrong.text && !fits ? t(by === 'pattern' ? 'kinds.missing' : 'kinds.ouMissing') : undefined}
            maxLength={by === 'pattern' ? 200 : 500}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          <LiveCount input={fits ? body : null} />
          <NativeSelect
            label={t('kinds.columns.source')}
            value={source}
            onChange={event => setSource(event.currentTarget.value)}
            data={[
              { value: '', label: t('kinds.anySource') },
              ...(sources.data?.rows ?? []).map(one => ({ value: one.key, label: one.name[language] })),
            ]}
          />
          <NativeSelect
            label={t('desk.accountKind')}
            value={kind}
            onChange={event => setKind(accountKind.parse(event.currentTarget.value))}
            data={accountKind.options.map(value => ({ value, label: t(`enum.accountKind.${value}`) }))}
          />
          {kind !== 'personal' && <OwnerField who={who} missing={wrong.owner && !who} onChange={setWho} />}
          {command.error && (
            <p role="alert" className={classes.wrong}>
              {t(`problem.${problemOf(command.error).code}`)}
            </p>
          )}
          <Group gap={8}>
            <Button type="submit" loading={command.isPending}>
              {t('kinds.save')}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

type Input = BodyInput<typeof previewAccountRule>

function LiveCount(props: { input: Input | null }) {
  const { t } = useTexts()
  const [asked, setAsked] = useState<Input | null>(props.input)
  const now = JSON.stringify(props.input)
  // biome-ignore lint/correctness/useExhaustiveDependencies: compared by what it says, not by being the same object
  useEffect(() => {
    const timer = setTimeout(() => setAsked(props.input), 250)
    return () => clearTimeout(timer)
  }, [now])
  const query = useCall(previewAccountRule, { body: asked as Input }, { enabled: asked !== null, keep: true })
  const answer = asked ? query.data : undefined
  return (
    <div aria-live="polite">
      {answer ? (
        <>
          <p>
            <b>{t('kinds.total', { count: answer.total })}</b>
            {answer.linked > 0 && `. ${t('kinds.linked', { count: answer.linked })}`}
            {answer.total > 0 && `. ${t('kinds.changes', { count: answer.changes })}`}.
          </p>
          {answer.rows.length > 0 && (
            <p className="meta">
              {t('kinds.examples')}:{' '}
              {answer.rows
                .slice(0, 8)
                .map(row => row.username + (row.decidedElsewhere ? ` (${t('kinds.elsewhere')})` : ''))
                .join(', ')}
            </p>
          )}
        </>
      ) : (
        <p className="meta">{t('kinds.typing')}</p>
      )}
    </div>
  )
}
