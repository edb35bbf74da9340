import { config } from 'zod'

// Zod compiles its parsers with `new Function`, which our content security policy forbids and reports. Must run before
// the contract is loaded, so main.tsx imports this file first.
config({ jitless: true })
