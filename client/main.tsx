import './app/styles.css'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { nonce } from './lib/nonce.ts'
import { startTexts } from './texts/i18n.ts'

if (nonce) setNonce(nonce)
await startTexts()
createRoot(document.getElementById('root') as HTMLElement).render(<App />)
