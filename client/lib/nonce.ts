/**
 * The server fills the meta element in for each response; a page that comes without (the development server) keeps the
 * placeholder. Without the nonce a strict `style-src` takes away colours and layout.
 */
const content = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
export const nonce: string | undefined = content && !content.startsWith('__') ? content : undefined
