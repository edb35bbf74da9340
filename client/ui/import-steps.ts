import { type RefObject, useRef, useState } from 'react'
import { problemOf } from '../lib/call.ts'
import { useTask } from '../lib/task.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'

/** What has to be corrected, with the field that it is about. */
export type Mistake = { field?: string; text: string }
export const FILE_FIELD = 'import-file'

export type Looked = { hash: string; counts: { new: number; changed: number; bad: number } }
type How<U, P, A> = {
  send: (file: File) => Promise<U>
  look: (upload: U) => Promise<P>
  apply: (upload: U, plan: P) => Promise<A>
  mistakes: (upload: U) => Mistake[]
  /** The receipt. */
  said: (answer: A) => string
  /** Another file has been read, or this one is done with (null): what was chosen for it is of no use any more. */
  onFile: (upload: U | null) => void
}
type Asked<U, P> = { upload: U; plan: P }

/** A file that is sent in, looked at, and let in: never the last without the one before it. */
export function useImportSteps<U, P extends Looked, A>(how: How<U, P, A>) {
  const { t } = useTexts()
  const picked = useRef<HTMLInputElement>(null)
  const [upload, setUpload] = useState<U | null>(null)
  const [plan, setPlan] = useState<P | null>(null)
  const [wrong, setWrong] = useState<Mistake[]>([])
  const [receipt, setReceipt] = useState<string | null>(null)
  const begin = (next: U | null) => {
    how.onFile(next)
    setUpload(next)
    setPlan(null)
  }
  const send = useTask(how.send, {
    rereads: true,
    done: answer => {
      begin(answer)
      setReceipt(null)
    },
  })
  const look = useTask(how.look, { rereads: false, done: setPlan })
  const apply = useTask((asked: Asked<U, P>) => how.apply(asked.upload, asked.plan), {
    rereads: true,
    done: answer => {
      const text = how.said(answer)
      setReceipt(text)
      announce(text)
      begin(null)
      if (picked.current) picked.current.value = ''
    },
  })
  const read = () => {
    const file = picked.current?.files?.[0]
    setWrong(file ? [] : [{ field: FILE_FIELD, text: t('fileImport.need') }])
    look.reset()
    apply.reset()
    if (file) send.mutate(file)
  }
  const tryIt = () => {
    if (!upload) return
    const found = how.mistakes(upload)
    setWrong(found)
    apply.reset()
    if (found.length === 0) look.mutate(upload)
  }
  const doIt = () => {
    if (!upload || !plan) return
    // What happens now is shown at once, so that it can be looked at and done.
    const onError = (error: unknown) => problemOf(error).code === 'plan-stale' && look.mutate(upload)
    apply.mutate({ upload, plan }, { onError })
  }
  const failed = send.error ?? look.error ?? apply.error
  return {
    ...{ upload, plan, wrong, receipt, read, tryIt, doIt },
    picked: picked as RefObject<HTMLInputElement | null>,
    problem: failed ? problemOf(failed) : null,
    /** Counts what went wrong, so that the same mistake is said again. */
    failures: [send, look, apply].map(one => one.failureCount).join(' '),
    busy: { read: send.isPending, look: look.isPending, apply: apply.isPending },
    /** What has been chosen is another thing now, and what would happen has to be looked at again. */
    chosen: () => setPlan(null),
  }
}
export type ImportSteps<U, P extends Looked> = ReturnType<typeof useImportSteps<U, P, unknown>>
