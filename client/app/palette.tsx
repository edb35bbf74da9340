import { Kbd, Modal, TextInput } from '@mantine/core'
import {
  IconArrowRight,
  IconClipboardList,
  IconDatabase,
  IconHierarchy2,
  IconSearch,
  IconUser,
} from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react'
import { searchAll } from '#contract/home.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { further, navigationFor } from './nav.ts'
import classes from './palette.module.css'

const focusNow = (field: HTMLInputElement | null) => field?.focus()

type Hit = { key: string; group: string; label: string; note: string | null; icon: typeof IconUser; open: () => void }

/**
 * Ctrl K: people, units, systems, rules and pages. A combobox over a list: the focus stays in the field, arrows choose,
 * Enter opens.
 */
export function Palette(props: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts()
  const router = useRouter()
  const may = useMay()
  const list = useId()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  const [at, setAt] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 120)
    return () => clearTimeout(timer)
  }, [text])
  const query = useCall(searchAll, { body: { text: asked } }, { enabled: asked !== '' && props.opened, keep: true })

  const hits = useMemo(() => {
    const go = (to: string, params?: Record<string, string>) => () =>
      void router.navigate({ to, params, search: {} } as never)
    const found: Hit[] = []
    const answer = asked === '' ? undefined : query.data
    for (const person of answer?.people ?? [])
      found.push({
        key: person.id,
        group: t('palette.people'),
        label: person.name ?? t('people.protectedPerson'),
        note: [person.title, person.unit].filter(Boolean).join(' · '),
        icon: IconUser,
        open: go('/people/$personId', { personId: person.id }),
      })
    for (const unit of answer?.units ?? [])
      found.push({
        key: unit.id,
        group: t('palette.units'),
        label: unit.name,
        note: unit.parent,
        icon: IconHierarchy2,
        open: go('/org/$unitId', { unitId: unit.id }),
      })
    for (const system of answer?.systems ?? [])
      found.push({
        key: system.id,
        group: t('palette.systems'),
        label: system.name,
        note: null,
        icon: IconDatabase,
        open: go('/systems/$systemId', { systemId: system.id }),
      })
    for (const rule of answer?.rules ?? [])
      found.push({
        key: rule.key,
        group: t('palette.rules'),
        label: rule.name,
        note: null,
        icon: IconClipboardList,
        open: go('/rules/$key', { key: rule.key }),
      })
    const wanted = text.trim().toLocaleLowerCase('da')
    const pages = [
      ...navigationFor(may).flatMap(group => group.items),
      // One step down: found by their names, and not in the list that stands there before one writes.
      ...further.filter(item => wanted !== '' && may(item.needs)).map(item => ({ ...item, icon: IconArrowRight })),
    ]
    for (const item of pages) {
      const label = t(`nav.${item.key}`)
      if (wanted === '' || label.toLocaleLowerCase('da').includes(wanted))
        found.push({ key: item.to, group: t('palette.pages'), label, note: null, icon: item.icon, open: go(item.to) })
    }
    return found
  }, [asked, query.data, text, t, router, may])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts at its top
  useEffect(() => setAt(0), [asked, query.data])

  const open = (hit: Hit | undefined) => {
    if (!hit) return
    props.onClose()
    setText('')
    hit.open()
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
        {hits.length === 0 && <p className={classes.none}>{query.isFetching ? t('app.loading') : t('palette.none')}</p>}
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
        </div>
      </Modal.Content>
    </Modal.Root>
  )
}
