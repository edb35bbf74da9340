import type { Language, SetupLabel, SetupSnapshot, SetupStep, StepState } from './setup-progress.ts'

type Texts = {
  labels: Record<SetupLabel, string>
  states: Record<StepState, string>
  title: string
  lead: string
  failed: string
  ready: string
  noAnswer: string
  notReady: string
  steps: string
}

const DA: Texts = {
  labels: {
    database: 'Starter databasen',
    migrations: 'Gør tabellerne klar',
    'demo-files': 'Laver demonstrationskommunen',
    read: 'Læser {subject}',
    rights: 'Beregner rettigheder',
    register: 'Skriver fortegnelsen',
    fortnight: 'Lader fjorten dage gå',
    follows: 'Ser efter, hvad der ikke passer',
    client: 'Bygger skærmbillederne',
    server: 'Åbner for brugerne',
  },
  states: { waiting: 'venter', running: 'i gang', done: 'færdig', failed: 'fejlet' },
  title: 'Hjemmel gøres klar',
  lead: 'Det tager et par minutter første gang og få sekunder derefter. Siden skifter af sig selv, når alt er klar.',
  failed: 'Opstarten er stoppet',
  ready: 'Klar. Siden åbner nu.',
  noAnswer: 'Serveren svarer ikke lige nu. Se i terminalen, hvis det varer ved.',
  notReady: 'Hjemmel er ved at starte. Prøv igen om et øjeblik.',
  steps: 'Opstartens trin',
}

const EN: Texts = {
  labels: {
    database: 'Starting the database',
    migrations: 'Preparing the tables',
    'demo-files': 'Making the demonstration municipality',
    read: 'Reading {subject}',
    rights: 'Computing rights',
    register: 'Writing the register',
    fortnight: 'Letting a fortnight happen',
    follows: 'Looking for what does not fit',
    client: 'Building the screens',
    server: 'Opening for users',
  },
  states: { waiting: 'waiting', running: 'running', done: 'done', failed: 'failed' },
  title: 'Hjemmel is getting ready',
  lead: 'This takes a few minutes the first time and seconds after that. The page changes by itself when all is ready.',
  failed: 'The set-up has stopped',
  ready: 'Ready. Opening the page now.',
  noAnswer: 'The server does not answer right now. Look in the terminal if this goes on.',
  notReady: 'Hjemmel is starting. Try again in a moment.',
  steps: 'Steps of the set-up',
}

export function setupTexts(language: Language): Texts {
  return language === 'da' ? DA : EN
}

/** One step in words, as both the page and the terminal show it. `count` is '' when there is nothing to count. */
export type StepView = {
  id: string
  label: string
  state: StepState
  stateText: string
  done: number
  total: number | null
  count: string
}

export function stepView(step: Readonly<SetupStep>, language: Language): StepView {
  const texts = setupTexts(language)
  return {
    id: step.id,
    label: texts.labels[step.label].replace('{subject}', step.subject ?? ''),
    state: step.state,
    stateText: texts.states[step.state],
    done: step.done,
    total: step.total,
    count: countText(step, language),
  }
}

export type SetupView = { ready: boolean; failure: string | null; steps: StepView[] }

export function setupView(snapshot: SetupSnapshot, language: Language): SetupView {
  return { ...snapshot, steps: snapshot.steps.map(step => stepView(step, language)) }
}

function countText(step: Readonly<SetupStep>, language: Language): string {
  if (step.total === null && step.done === 0) return ''
  const format = new Intl.NumberFormat(language === 'da' ? 'da-DK' : 'en-GB')
  const done = format.format(step.done)
  if (step.total === null) return done
  return `${done} ${language === 'da' ? 'af' : 'of'} ${format.format(step.total)}`
}

/** Danish unless English is what the reader asks for first of the two (Accept-Language, RFC 9110, 12.5.4). */
export function preferredLanguage(header: string | undefined): Language {
  const wanted = (header ?? '')
    .split(',')
    .map(part => {
      const [tag = '', ...params] = part.trim().toLowerCase().split(';')
      const quality = params.map(param => /^\s*q=([0-9.]+)$/.exec(param)?.[1]).find(found => found !== undefined)
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(entry => (entry.language === 'da' || entry.language === 'en') && entry.quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return wanted[0]?.language === 'en' ? 'en' : 'da'
}
