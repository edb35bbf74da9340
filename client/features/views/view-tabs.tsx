import { Button, Checkbox, Menu, Modal, Stack, TextInput, UnstyledButton } from '@mantine/core'
import {
  IconBookmark,
  IconDotsVertical,
  IconHome,
  IconMail,
  IconPencil,
  IconRefresh,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { TOOL_ROLES } from '#contract/permissions.ts'
import { changeView, listViews, openWithView, removeView, saveView } from '#contract/views.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { SubscribeDialog } from './subscribe-dialog.tsx'
import classes from './view-tabs.module.css'

type View = ResponseOf<typeof listViews>['views'][number]
type Search = Record<string, string | number | boolean>

/** Where one is in a list, and not what it is a list of. */
const PASSING = ['offset', 'finding']
/** What of an address is worth keeping: every parameter that is set, but not the page one is on. */
const kept = (search: object): Search =>
  Object.fromEntries(
    Object.entries(search).filter(
      (entry): entry is [string, string | number | boolean] => !PASSING.includes(entry[0]) && entry[1] !== undefined,
    ),
  )
const same = (a: object, b: object) =>
  JSON.stringify(Object.entries(kept(a)).sort()) === JSON.stringify(Object.entries(kept(b)).sort())

/** Saved views of a screen as tabs above it, one's own and those that others share; any screen with filters in its address. */
export function ViewTabs(props: { screen: string; search: object; onOpen: (search: Search) => void }) {
  const { t } = useTexts()
  const may = useMay()
  const query = useCall(listViews, { query: { screen: props.screen } }, { enabled: may('view.save') })
  const views = query.data?.views ?? []
  const [dialog, setDialog] = useState<'new' | View | null>(null)
  const [sending, setSending] = useState<View | null>(null)
  const open = useCommand(openWithView, (_, { body }) =>
    announce(t(body?.viewId ? 'views.opensNow' : 'views.opensNotNow')),
  )
  const change = useCommand(changeView, view => announce(t('views.changed', { name: view.name })))
  const remove = useCommand(removeView, () => announce(t('views.removed')))
  const current = views.find(view => same(view.search, props.search))
  const whole = Object.keys(kept(props.search)).length === 0
  // Whoever arrives without filters sees the view that the list opens with; `Everything` beside it is a choice.
  const arrived = useRef(false)
  useEffect(() => {
    if (arrived.current || !query.data) return
    arrived.current = true
    const first = query.data.views.find(view => view.opens)
    if (whole && first) props.onOpen(first.search)
  }, [query.data, whole, props.onOpen])
  if (!may('view.save')) return null
  return (
    <nav aria-label={t('views.title')} className={`${classes.tabs} no-print`}>
      <UnstyledButton
        className={classes.tab}
        aria-current={whole ? 'true' : undefined}
        onClick={() => props.onOpen({})}
      >
        {t('views.all')}
      </UnstyledButton>
      {views.map(view => (
        <span key={view.id} className={classes.one} data-on={view === current || undefined}>
          <UnstyledButton
            className={classes.tab}
            aria-current={view === current ? 'true' : undefined}
            onClick={() => props.onOpen(view.search)}
            title={view.own ? undefined : t('views.sharedBy', { name: view.owner ?? '' })}
          >
            {view.name}
            {(view.sharedWith.length > 0 || !view.own) && (
              <IconUsers size={13} aria-label={t('views.shared')} role="img" />
            )}
          </UnstyledButton>
          <Menu position="bottom-start" shadow="md">
            <Menu.Target>
              <UnstyledButton className={classes.more} aria-label={t('views.more', { name: view.name })}>
                <IconDotsVertical size={14} aria-hidden />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconHome size={16} aria-hidden />}
                onClick={() => open.mutate({ body: { screen: props.screen, viewId: view.opens ? null : view.id } })}
              >
                {t(view.opens ? 'views.opensNot' : 'views.opens')}
              </Menu.Item>
              <Menu.Item leftSection={<IconMail size={16} aria-hidden />} onClick={() => setSending(view)}>
                {t('views.send')}
              </Menu.Item>
              {view.own && (
                <>
                  <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setDialog(view)}>
                    {t('views.edit')}
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<IconRefresh size={16} aria-hidden />}
                    onClick={() => change.mutate({ params: { viewId: view.id }, body: { search: kept(props.search) } })}
                  >
                    {t('views.update')}
                  </Menu.Item>
                  <Menu.Item
                    color="red"
                    leftSection={<IconTrash size={16} aria-hidden />}
                    onClick={() => remove.mutate({ params: { viewId: view.id } })}
                  >
                    {t('views.remove')}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        </span>
      ))}
      {!whole && !current && (
        <UnstyledButton className={classes.save} onClick={() => setDialog('new')}>
          <IconBookmark size={15} aria-hidden />
          {t('views.save')}
        </UnstyledButton>
      )}
      {sending && <SubscribeDialog view={sending} onClose={() => setSending(null)} />}
      {dialog && <ViewDialog {...props} view={dialog === 'new' ? null : dialog} onClose={() => setDialog(null)} />}
    </nav>
  )
}

function ViewDialog(props: { screen: string; search: object; view: View | null; onClose: () => void }) {
  const { t } = useTexts()
  const { view } = props
  const [lacking, setLacking] = useState(false)
  const done = (saved: View) => {
    announce(t(view ? 'views.changed' : 'views.saved', { name: saved.name }))
    props.onClose()
  }
  const save = useCommand(saveView, done)
  const change = useCommand(changeView, done)
  const error = save.error ?? change.error
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const name = String(form.get('name') ?? '').trim()
    const sharedWith = TOOL_ROLES.filter(role => form.has(`role ${role}`))
    setLacking(name === '')
    if (name === '') return
    if (view) change.mutate({ params: { viewId: view.id }, body: { name, sharedWith } })
    else save.mutate({ body: { screen: props.screen, name, search: kept(props.search), sharedWith } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t(view ? 'views.edit' : 'views.save')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <TextInput
            name="name"
            data-autofocus
            label={t('views.name')}
            description={t('views.nameHint')}
            defaultValue={view?.name ?? ''}
            maxLength={80}
            error={
              lacking
                ? t('views.nameLacks')
                : error &&
                  (problemOf(error).code === 'conflict' ? t('views.nameTaken') : t(`problem.${problemOf(error).code}`))
            }
          />
          <fieldset className={classes.roles}>
            <legend>{t('views.shareWith')}</legend>
            <p className="meta">{t('views.shareHint')}</p>
            {TOOL_ROLES.filter(role => role !== 'employee').map(role => (
              <Checkbox
                key={role}
                size="sm"
                name={`role ${role}`}
                label={t(`role.${role}`)}
                defaultChecked={view?.sharedWith.includes(role) ?? false}
              />
            ))}
          </fieldset>
          <div className={classes.buttons}>
            <Button type="submit" loading={save.isPending || change.isPending}>
              {t('views.save')}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  )
}
