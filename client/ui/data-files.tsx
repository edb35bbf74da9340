import { type ComponentProps, type ComponentType, lazy, Suspense } from 'react'

type Menus = typeof import('./data-file-menus.tsx')

/** A menu that is not needed for the first look at a page: its code comes after it. */
function later<Name extends keyof Menus>(name: Name) {
  type Props = ComponentProps<Menus[Name]> & object
  const Menu = lazy(async () => ({
    default: (await import('./data-file-menus.tsx'))[name] as unknown as ComponentType<object>,
  }))
  return (props: Props) => (
    <Suspense>
      <Menu {...props} />
    </Suspense>
  )
}

export const SystemRightsFile = later('SystemRightsFile')
export const SystemsDataFile = later('SystemsDataFile')
export const MyDataFile = later('MyDataFile')
export const PersonDataFile = later('PersonDataFile')
