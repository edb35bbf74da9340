import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useMemo } from 'react'
import { nonce } from '../lib/nonce.ts'
import { queryClient } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { router } from './router.tsx'
import { makeTheme, resolveVariables } from './theme.ts'

export function App() {
  const { t } = useTexts()
  const theme = useMemo(
    () =>
      makeTheme({
        close: t('do.close'),
        previous: t('do.previous'),
        next: t('do.next'),
        first: t('do.first'),
        last: t('do.last'),
      }),
    [t],
  )
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce ?? ''}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
