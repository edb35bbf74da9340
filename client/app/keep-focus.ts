/** Time for whoever puts the focus somewhere by design: a page its heading, a desk its next case, a menu its button. */
const SOON = 80
const MODAL = '[role=dialog][aria-modal=true]'
const STOPS = 'a[href], button, input, select, textarea, summary'

/**
 * Focus that the page itself takes away comes back. A window that closes, a button that waits for its answer and a row that
 * has been settled leave the focus nowhere, and the keyboard would begin again at the top of the page (WCAG 2.4.3). It goes
 * back to what had it, else to the last place before it nearby, else to the heading. Who presses beside
 * everything has let go of it, and is left alone.
 *
 * Answers with what ends it.
 */
export function keepFocus(): () => void {
  let held: HTMLElement | null = null
  let around: HTMLElement[] = []
  let heldAt = ''
  let trail: HTMLElement[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  const came = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return
    held = target
    around = ancestors(target)
    heldAt = location.pathname
    trail = [...trail.filter(one => one !== target && one.isConnected), target].slice(-24)
  }
  const left = ({ target }: FocusEvent) => {
    // Whether it was let go of or taken away shows when the change that is under way is whole.
    setTimeout(() => {
      if (target === held && isLost() && canHave(held)) held = null
      look()
    })
  }
  const mend = () => {
    timer = undefined
    if (!held || !isLost()) return
    // Switched off while it waits: it comes back with its answer.
    if (held.isConnected && held.dataset.loading) return
    const room =
      [...document.querySelectorAll<HTMLElement>(MODAL)].at(-1) ?? document.querySelector<HTMLElement>('main')
    const back = canHave(held) ? held : room && (location.pathname === heldAt ? near(room) : null)
    const heading = room?.querySelector<HTMLElement>('h1, [data-autofocus], input, textarea, select, button')
    ;(back ?? heading)?.focus({ preventScroll: true })
  }
  /** The last place before it in the smallest part of the page that both were in; in a part of its own, the first one there. */
  const near = (room: HTMLElement): HTMLElement | null => {
    const part = around.find(one => one.isConnected && one !== room && room.contains(one))
    const before = (within: HTMLElement) => trail.findLast(one => within.contains(one) && canHave(one))
    const first = [...(part?.querySelectorAll<HTMLElement>(STOPS) ?? [])].find(canHave)
    return (part && before(part)) ?? first ?? before(room) ?? null
  }
  const look = () => {
    if (held && timer === undefined && isLost()) timer = setTimeout(mend, SOON)
  }
  const observer = new MutationObserver(look)
  document.addEventListener('focusin', came)
  document.addEventListener('focusout', left)
  observer.observe(document.body, {
    ...{ childList: true, subtree: true },
    ...{ attributes: true, attributeFilter: ['disabled', 'hidden'] },
  })
  return () => {
    clearTimeout(timer)
    observer.disconnect()
    document.removeEventListener('focusin', came)
    document.removeEventListener('focusout', left)
  }
}

const ancestors = (one: HTMLElement): HTMLElement[] =>
  one.parentElement ? [one.parentElement, ...ancestors(one.parentElement)] : []

const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body

const canHave = (one: HTMLElement | null): boolean =>
  one?.isConnected === true && !one.matches(':disabled') && one.getClientRects().length > 0
