import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import type { ResponseOf } from '#contract/endpoint.ts'
import { createCase, type Missing, saveCase } from '#contract/lifecycle.ts'
import { type CaseForm, caseForm } from '#contract/lifecycle-forms.ts'
import type { caseDoor } from '#contract/lifecycle-lists.ts'
import { call, problemOf } from '../../lib/call.ts'
import { queryClient } from '../../lib/query.ts'

export type Saved = ResponseOf<typeof saveCase>
export type DraftState = 'new' | 'waiting' | 'saving' | 'saved' | 'failed' | 'conflict' | 'refused'
export type Start = { id: string; form: CaseForm; saved: Saved } | null
export type Door = z.output<typeof caseDoor>

/** A moment after the last key: a draft is kept while one writes, and not at each letter. */
const PAUSE = 700
const AGAIN = 4000

/**
 * A draft that keeps itself. Nothing is made before the first change; saves never overtake one another; a change that
 * somebody else has made since stops it, and says so.
 */
export function useDraft(start: Start, door: Door, empty: CaseForm) {
  const [form, setForm] = useState<CaseForm>(start?.form ?? empty)
  const [saved, setSaved] = useState<Saved | null>(start?.saved ?? null)
  const [state, setState] = useState<DraftState>(start ? 'saved' : 'new')
  const [problem, setProblem] = useState<string | null>(null)
  const now = useRef({
    id: start?.id ?? null,
    version: start?.saved.version ?? 0,
    form,
    cpr: undefined as string | undefined,
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const running = useRef<Promise<Saved | null> | null>(null)
  const dirty = useRef(false)
  const latest = useRef<Saved | null>(start?.saved ?? null)
  const again = useRef<() => void>(() => {})
  const navigate = useNavigate()

  const keep = useCallback(async (): Promise<Saved | null> => {
    const { current } = now
    dirty.current = false
    const sent = { form: caseForm.parse(current.form), ...(current.cpr === undefined ? {} : { cpr: current.cpr }) }
    const typed = current.cpr
    setState('saving')
    try {
      let answer: Saved
      if (current.id === null) {
        const made = await call(createCase, { body: { door, ...sent } })
        current.id = made.id
        answer = made
        void navigate({
          to: '.',
          search: (old: Record<string, unknown>) => ({ ...old, draft: made.id }),
          replace: true,
          state: true,
          resetScroll: false,
        } as never)
      } else
        answer = await call(saveCase, { params: { caseId: current.id }, body: { version: current.version, ...sent } })
      current.version = answer.version
      latest.current = answer
      if (current.cpr === typed) current.cpr = undefined
      setSaved(answer)
      setState(dirty.current ? 'waiting' : 'saved')
      setProblem(null)
      return answer
    } catch (error) {
      const { code, status } = problemOf(error)
      dirty.current = true
      if (code === 'conflict' || code === 'case-closed') setState('conflict')
      else if (status === 0 || status >= 500) {
        setState('failed')
        timer.current = setTimeout(() => again.current(), AGAIN)
      } else {
        setState('refused')
        setProblem(code)
      }
      return null
    }
  }, [door, navigate])

  /** Everything that was typed is kept; what the draft is then, or null where it could not be. */
  const flush = useCallback(async (): Promise<Saved | null> => {
    clearTimeout(timer.current)
    for (;;) {
      if (running.current) await running.current
      else if (!dirty.current) return latest.current
      else {
        running.current = keep()
        const answer = await running.current
        running.current = null
        if (answer === null || !dirty.current) return answer
      }
    }
  }, [keep])

  again.current = () => void flush()

  const later = useCallback(() => {
    dirty.current = true
    setState(old => (old === 'conflict' ? old : 'waiting'))
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void flush(), PAUSE)
  }, [flush])

  const change = useCallback(
    (next: CaseForm) => {
      now.current.form = next
      setForm(next)
      later()
    },
    [later],
  )
  const typeNumber = useCallback(
    (digits: string) => {
      now.current.cpr = digits
      later()
    },
    [later],
  )
  // What was typed last is kept when one leaves, too.
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      if (dirty.current && now.current.id !== null) void flush().then(() => queryClient.invalidateQueries())
    },
    [flush],
  )
  return {
    form,
    saved,
    state,
    problem,
    id: now.current.id,
    /** As it is when it is asked: a draft gets one while one waits for it. */
    idNow: () => now.current.id,
    version: saved?.version ?? 0,
    missing: saved?.missing ?? ([] as Missing[]),
    change,
    typeNumber,
    flush,
  }
}
export type Draft = ReturnType<typeof useDraft>
