import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import { fromForm, fromOf, type Rule, type TransformForm, toForm, type Word } from './mapping-rule.ts'
import classes from './sources.module.css'

type TextPart = {
  [K in keyof TransformForm]: TransformForm[K] extends string ? K : never
}[keyof TransformForm]

/** What is done to one field on its way: small, pure steps, no code. */
export function TransformDialog(props: {
  field: string
  rule: Rule
  word: Word
  onSave: (rule: Rule) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const [form, setForm] = useState<TransformForm>(() => toForm(props.rule))
  const [from, setFrom] = useState(fromOf(props.rule))
  const change = (next: Partial<TransformForm>) => setForm(old => ({ ...old, ...next }))
  const field = (part: TextPart, label: string, hint?: string) => (
    <TextInput
      label={label}
      {...(hint ? { description: hint } : {})}
      value={form[part]}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      onChange={event => change({ [part]: event.currentTarget.value })}
    />
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    props.onSave(fromForm(form, from, props.word))
  }
  return (
    <Modal opened onClose={props.onClose} size="lg" title={t('sources.transformTitle', { field: props.field })}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <p className="dim">{t('sources.transformHelp')}</p>
          <div className={classes.fields}>
            <TextInput
              data-autofocus
              label={t('sources.from')}
              value={from}
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              onChange={event => setFrom(event.currentTarget.value)}
            />
            {field('otherwise', t('sources.transforms.otherwise'))}
            {field('stripStart', t('sources.transforms.strip'))}
            {field('stripEnd', t('sources.transforms.stripEnd'))}
            {field('split', t('sources.transforms.split'))}
            {field('part', t('sources.transforms.part'), t('sources.hints.part'))}
            <NativeSelect
              label={t('sources.transforms.case')}
              value={form.case}
              onChange={event => change({ case: event.currentTarget.value })}
              data={[
                { value: '', label: t('sources.transformNone') },
                ...(['lower', 'upper', 'title'] as const).map(value => ({ value, label: t(`sources.cases.${value}`) })),
              ]}
            />
            <NativeSelect
              label={t('sources.transforms.date')}
              value={form.date}
              onChange={event => change({ date: event.currentTarget.value })}
              data={[
                { value: '', label: t('sources.none') },
                ...(['iso', 'da', 'filetime', 'generalized'] as const).map(value => ({
                  value,
                  label: t(`sources.dates.${value}`),
                })),
              ]}
            />
            {field('flag', t('sources.transforms.flag'), t('sources.hints.flag'))}
            <Textarea
              label={t('sources.transforms.map')}
              description={t('sources.hints.map')}
              value={form.map}
              rows={4}
              spellCheck={false}
              onChange={event => change({ map: event.currentTarget.value })}
            />
            {field('default', t('sources.transforms.default'))}
            {field('const', t('sources.transforms.const'))}
            {field('join', t('sources.transforms.join'))}
            {field('also', t('sources.transforms.also'), t('sources.hints.also'))}
            <div className={`${classes.wide} ${classes.checks}`}>
              {(['list', 'dn', ...(props.word === 'attribute' ? (['parent'] as const) : [])] as const).map(part => (
                <Checkbox
                  key={part}
                  label={t(`sources.transforms.${part}`)}
                  checked={form[part]}
                  onChange={event => change({ [part]: event.currentTarget.checked })}
                />
              ))}
            </div>
          </div>
          <Group gap={8}>
            <Button type="submit">{t('sources.saveField')}</Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
