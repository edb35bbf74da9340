import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * The server serves `dist/client` and fills `__CSP_NONCE__` in its index.html per response. No plugin for routes: they
 * are written in client/app/router.tsx and loaded page by page.
 */
export default defineConfig(({ command }) => {
  // A build is for use, whoever asks for it: started by a test, it would otherwise carry the development React.
  if (command === 'build') process.env.NODE_ENV = 'production'
  return {
    root: 'client',
    plugins: [react()],
    css: { postcss: '.' },
    build: {
      outDir: '../dist/client',
      emptyOutDir: true,
      target: 'es2022',
      // Inlined fonts and images would need `data:` in the content security policy.
      assetsInlineLimit: 0,
      manifest: true,
    },
    server: {
      port: 5173,
      proxy: { '/api': process.env.HJEMMEL_API ?? 'http://127.0.0.1:3000' },
    },
  }
})
