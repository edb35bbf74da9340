import { Kbd, Modal, TextInput, useMantineColorScheme } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react'
import { searchAll } from '#contract/home.ts'
import { useCall } from '../lib/query.ts'
import { keepRecent, recentsOf } from '../lib/recents.ts'
import { useMay, useSession } from '../lib/session.ts'
import { chooseLanguage, useTexts } from '../texts/i18n.ts'
import classes from './palette.module.css'
import { actions, askedOf, found, type Hit, pages, recent, type Spelling } from './palette-hits.ts'

const focusNow = (field: HTMLInputElement | null) => field?.focus()

/**
 * Ctrl K: people, units, systems, rights, rules, roles, pages and actions; `hvorfor Mette Nexus` leads to the why of that
 * right. A combobox over a list: the focus stays in the field, arrows choose, Enter opens.
 */
export function Palette(props: { opened: boolean; onClose: () => void }) {
  const { t, language } = useTexts()
  const router = useRouter()
  const may = useMay()
  const { actor } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const list = useId()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  const [at, setAt] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 120)
    return () => clearTimeout(timer)
  }, [text])
  const { only, words } = askedOf(asked)
  const query = useCall(
    searchAll,
    { body: { text: words, ...(only === 'people' || only === 'systems' ? { only } : {}) } },
    { enabled: words !== '' && only !== 'actions' && props.opened, keep: true },
  )
  const user = actor?.userId ?? ''

  const hits = useMemo(() => {
    const now = askedOf(text)
    const answer = words === '' || only === 'actions' || now.only === 'actions' ? undefined : query.data
    const here = {
      'to-danish': language === 'da' ? null : () => void chooseLanguage('da'),
      'to-english': language === 'en' ? null : () => void chooseLanguage('en'),
      light: colorScheme === 'light' ? null : () => setColorScheme('light'),
      dark: colorScheme === 'dark' ? null : () => setColorScheme('dark'),
      auto: colorScheme === 'auto' ? null : () => setColorScheme('auto'),
    }
    const doable = now.only === 'actions' || (now.only === null && now.words !== '')
    const places = (how: Spelling) => [
      ...(now.only === null || now.only === 'actions' ? pages(now.words, may, t, how) : []),
      ...(doable && now.only === null ? actions(now.words, may, t, here, how) : []),
    ]
    const spelt = [
      ...(text.trim() === '' && props.opened ? recentsOf(user).map(one => recent(one, t)) : []),
      ...(now.only === 'actions' ? actions(now.words, may, t, here) : []),
      ...(answer ? found(answer, t) : []),
      ...places('spelt'),
    ]
    if (spelt.length > 0 || now.words === '') return spelt
    return [...(now.only === 'actions' ? actions(now.words, may, t, here, 'slip') : []), ...places('slip')]
  }, [query.data, text, words, only, t, may, language, colorScheme, setColorScheme, user, props.opened])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts at its top
  useEffect(() => setAt(0), [asked, query.data])

  const open = (hit: Hit | undefined) => {
    if (!hit) return
    props.onClose()
    setText('')
    if ('act' in hit) return hit.act()
    const { to, params = {}, search = {} } = hit.place
    void router.navigate({ to, params, search } as never)
    keepRecent(user, {
      key: hit.key.replace(/^recent /, ''),
      label: hit.label,
      note: hit.note,
      person: hit.person === true,
      to,
      params,
      search,
    })
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setAt(old => (hits.length === 0 ? 0 : (old + step + hits.length) % hits.length))
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      open(hits[at])
    }
  }
  const option = (index: number) => `${list}-${index}`
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [at, list])

  return (
    <Modal.Root
      opened={props.opened}
      onClose={props.onClose}
      padding={0}
      radius={12}
      size={600}
      yOffset="12vh"
      // There at once, with the focus in the field: whoever types on after Ctrl K must not lose a letter.
      transitionProps={{ duration: 0 }}
      returnFocus={false}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t('app.searchLabel')}>
        <TextInput
          data-autofocus
          ref={focusNow}
          variant="unstyled"
          className={classes.field}
          aria-label={t('app.searchLabel')}
          placeholder={t('app.search')}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          onKeyDown={keys}
          leftSection={<IconSearch size={18} aria-hidden />}
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={hits.length > 0 ? option(at) : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
        />
        <div id={list} role="listbox" aria-label={t('app.searchLabel')} className={classes.list}>
          {hits.map((hit, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field opens the active option
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={`${hit.group}${hit.key}`}
              id={option(index)}
              role="option"
              aria-selected={index === at}
              className={classes.hit}
              onClick={() => open(hit)}
              onMouseMove={() => setAt(index)}
            >
              <hit.icon size={18} stroke={1.7} aria-hidden />
              <span className={classes.label}>{hit.label}</span>
              {hit.note && <span className={classes.note}>{hit.note}</span>}
              <span className={classes.group}>{hit.group}</span>
            </div>
          ))}
        </div>
        {hits.length === 0 && (
          <p className={classes.none}>
            {query.isFetching ? t('app.loading') : `${t('palette.none')}. ${t('palette.noneHelp')}`}
          </p>
        )}
        <div className={classes.foot}>
          <span>
            <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> {t('palette.move')}
          </span>
          <span>
            <Kbd size="xs">Enter</Kbd> {t('palette.open')}
          </span>
          <span>
            <Kbd size="xs">Esc</Kbd> {t('palette.close')}
          </span>
          <span className={classes.only}>
            <Kbd size="xs">@</Kbd> {t('palette.onlyPeople')}
          </span>
          <span>
            <Kbd size="xs">#</Kbd> {t('palette.onlySystems')}
          </span>
          <span>
            <Kbd size="xs">&gt;</Kbd> {t('palette.onlyActions')}
          </span>
        </div>
      </Modal.Content>
    </Modal.Root>
  )
}
