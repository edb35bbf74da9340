import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Language, Progress } from './setup-progress.ts'
import { preferredLanguage, type StepView, setupTexts, setupView } from './setup-texts.ts'

/** For probes: they must see the application's own answer, also while it is being set up. */
const NOT_OURS = new Set(['/healthz', '/readyz', '/metrics'])

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/**
 * Answers on the application's own port until the application stands: the page with the progress, and "not ready" to
 * programs. Returns false when the request is not for it: probes, and everything once `progress` is ready, except the
 * page's own files, which an open page still asks for.
 */
export function createSetupHandler(progress: Progress): (req: IncomingMessage, res: ServerResponse) => boolean {
  return (req, res) => {
    const path = (req.url ?? '/').split('?')[0] ?? '/'
    const language = preferredLanguage(req.headers['accept-language'])
    const send = (status: number, type: string, body: string, extra: Record<string, string> = {}) => {
      const length = String(Buffer.byteLength(body))
      res.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': length, ...extra })
      res.end(req.method === 'HEAD' ? undefined : body)
      return true
    }
    const snapshot = progress.snapshot()
    if (path === '/setup.css') return send(200, 'text/css; charset=utf-8', STYLE)
    if (path === '/setup.js') return send(200, 'text/javascript; charset=utf-8', SCRIPT)
    if (path === '/setup.json')
      return send(200, 'application/json', JSON.stringify(setupView(snapshot, language)), { vary: 'accept-language' })
    if (path === '/favicon.ico' && !snapshot.ready) return send(204, 'image/x-icon', '')
    if (snapshot.ready || NOT_OURS.has(path)) return false
    const reading = req.method === 'GET' || req.method === 'HEAD'
    if (!reading || path.startsWith('/api/') || !(req.headers.accept ?? '*/*').match(/text\/html|\*\/\*/))
      return send(503, 'application/problem+json', notReady(language), { 'retry-after': '2' })
    // A browser that keeps an address from yesterday gets the page too, and its address when all is ready.
    return send(200, 'text/html; charset=utf-8', page(progress, language), { vary: 'accept-language' })
  }
}

function notReady(language: Language): string {
  return JSON.stringify({
    type: 'about:blank',
    title: 'Setting up; try again in a moment',
    status: 503,
    code: 'not-ready',
    detail: setupTexts(language).notReady,
  })
}

function page(progress: Progress, language: Language): string {
  const texts = setupTexts(language)
  const view = setupView(progress.snapshot(), language)
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(texts.title)}</title>
<link rel="stylesheet" href="/setup.css">
<noscript><meta http-equiv="refresh" content="5"></noscript>
<script src="/setup.js" defer></script>
</head>
<body data-ready="${escapeHtml(texts.ready)}" data-no-answer="${escapeHtml(texts.noAnswer)}" data-failed="${escapeHtml(texts.failed)}">
<main>
<p class="brand">Hjem<span>mel</span></p>
<h1>${escapeHtml(texts.title)}</h1>
<p class="lead">${escapeHtml(texts.lead)}</p>
<ol id="steps" aria-label="${escapeHtml(texts.steps)}">
${view.steps.map(stepItem).join('\n')}
</ol>
<p id="message" role="status">${view.failure ? escapeHtml(`${texts.failed}: ${view.failure}`) : ''}</p>
</main>
</body>
</html>
`
}

/** Kept in step with `item` in SCRIPT, which makes the same element for a step that comes later. */
function stepItem(step: StepView): string {
  const value = step.total === null ? '' : ` value="${step.done}" max="${Math.max(step.total, 1)}"`
  const bar = step.state === 'running' ? '' : ' hidden'
  return `<li data-id="${escapeHtml(step.id)}" data-state="${step.state}"><span class="label">${escapeHtml(step.label)}</span><span class="count">${escapeHtml(step.count)}</span><span class="state">${escapeHtml(step.stateText)}</span><progress aria-label="${escapeHtml(step.label)}"${value}${bar}></progress></li>`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

const STYLE = `
:root { color-scheme: light dark; --canvas: #f3f5f7; --card: #ffffff; --text: #14181b; --dimmed: #4b5660; --hair: #d8dee3; --petrol: #0f6b79; --red: #b3261e }
@media (prefers-color-scheme: dark) { :root { --canvas: #0e1113; --card: #14181b; --text: #e4e8eb; --dimmed: #a9b3bc; --hair: #2d353b; --petrol: #9bd4e0; --red: #f4a5a0 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; background: var(--canvas); color: var(--text); font: 0.9375rem/1.5 'Inter Variable', system-ui, 'Segoe UI', Roboto, sans-serif; display: grid; place-items: start center; padding: clamp(1rem, 8vh, 5rem) 1rem }
main { width: 100%; max-width: 36rem; background: var(--card); border: 1px solid var(--hair); border-radius: 10px; padding: 1.75rem }
.brand { margin: 0 0 1.5rem; font-size: 1.25rem; font-weight: 650; letter-spacing: -0.01em }
.brand span { color: var(--petrol) }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; font-weight: 620 }
.lead { margin: 0.5rem 0 1.5rem; color: var(--dimmed) }
ol { list-style: none; margin: 0; padding: 0 }
li { display: grid; grid-template-columns: 1fr auto 5rem; gap: 0 1rem; padding: 0.625rem 0; border-top: 1px solid var(--hair) }
li[data-state=waiting] { color: var(--dimmed) }
li[data-state=failed] .state { color: var(--red); font-weight: 600 }
li[data-state=done] .state { color: var(--petrol) }
.label { overflow-wrap: anywhere }
.count { font-variant-numeric: tabular-nums; color: var(--dimmed) }
.state { text-align: right }
progress { grid-column: 1 / -1; width: 100%; height: 6px; margin-top: 0.5rem; accent-color: var(--petrol) }
@media (prefers-reduced-motion: reduce) { progress:indeterminate { display: none } }
#message:empty { display: none }
#message { margin: 1rem 0 0; padding-top: 1rem; border-top: 1px solid var(--hair) }
@media (max-width: 26rem) { li { grid-template-columns: 1fr auto } .count { grid-row: 2 } main { padding: 1.25rem } }
`

/** Plain JavaScript for the browser: polls, and writes texts only as text. */
const SCRIPT = `
const list = document.getElementById('steps')
const message = document.getElementById('message')
const say = text => { if (message.textContent !== text) message.textContent = text }
function item(step) {
  const known = [...list.children].find(child => child.dataset.id === step.id)
  if (known) return known
  const made = document.createElement('li')
  made.dataset.id = step.id
  for (const name of ['label', 'count', 'state']) {
    const span = document.createElement('span')
    span.className = name
    made.append(span)
  }
  const bar = document.createElement('progress')
  bar.setAttribute('aria-label', step.label)
  made.append(bar)
  list.append(made)
  return made
}
function show(step) {
  const element = item(step)
  element.dataset.state = step.state
  element.querySelector('.label').textContent = step.label
  element.querySelector('.count').textContent = step.count
  element.querySelector('.state').textContent = step.stateText
  const bar = element.querySelector('progress')
  bar.hidden = step.state !== 'running'
  if (step.total === null) bar.removeAttribute('value')
  else { bar.max = Math.max(step.total, 1); bar.value = step.done }
}
async function poll() {
  try {
    const answer = await fetch('/setup.json', { headers: { 'accept-language': document.documentElement.lang } })
    if (answer.status === 404) return location.reload()
    const view = await answer.json()
    view.steps.forEach(show)
    if (view.ready) { say(document.body.dataset.ready); return location.reload() }
    say(view.failure ? document.body.dataset.failed + ': ' + view.failure : '')
  } catch {
    say(document.body.dataset.noAnswer)
  }
  setTimeout(poll, 500)
}
poll()
`
